import "@mantine/core/styles.css";
import "./app.css";
import "../components/common.css";

import { MantineProvider, createTheme } from "@mantine/core";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";

import { ApiError } from "../lib/api";
import { LanguageProvider } from "../lib/i18n/LanguageProvider";
import { App } from "./App";

const theme = createTheme({
  primaryColor: "teal",
  primaryShade: 9, // white on it, and it on white, are readable: 5:1
  fontFamily: "system-ui, sans-serif",
  defaultRadius: "md",
  respectReducedMotion: true,
});

const queries = new QueryClient({
  defaultOptions: {
    // A browser that takes itself for offline may be wrong, and one that is online may reach nothing: asking tells.
    mutations: { networkMode: "always" },
    queries: {
      networkMode: "always",
      // What the caller did wrong doesn't get right by asking again.
      retry: (count, failure) => count < 3 && (!(failure instanceof ApiError) || failure.status === 0 || failure.status >= 500),
      refetchOnWindowFocus: false,
    },
  },
});

createRoot(document.getElementById("root") as HTMLElement).render(
  <StrictMode>
    <MantineProvider theme={theme} defaultColorScheme="auto">
      <LanguageProvider>
        <QueryClientProvider client={queries}>
          <App />
        </QueryClientProvider>
      </LanguageProvider>
    </MantineProvider>
  </StrictMode>,
);
