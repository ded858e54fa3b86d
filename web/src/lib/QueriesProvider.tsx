import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import type { ReactNode } from "react";

import { ApiError } from "./api";

const queries = new QueryClient({
  defaultOptions: {
    // The browser's online state is unreliable in both directions, so requests are always sent.
    mutations: { networkMode: "always" },
    queries: {
      networkMode: "always",
      // Client errors (4xx) are not retried: the same request would fail again.
      retry: (count, failure) => count < 3 && (!(failure instanceof ApiError) || failure.status === 0 || failure.status >= 500),
      refetchOnWindowFocus: false,
    },
  },
});

/** The cache of what the calls answered. */
export function QueriesProvider({ children }: { children: ReactNode }) {
  return <QueryClientProvider client={queries}>{children}</QueryClientProvider>;
}
