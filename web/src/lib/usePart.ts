import { useQuery } from "@tanstack/react-query";

import { Outdated, loadPart } from "./version";

/** Milliseconds. */
const retryInterval = 2000;

/** Loads a part of the page once. Retries while the server is unreachable, but not if the server has another version. */
export function usePart<T>(name: string, load: () => Promise<T>) {
  return useQuery({
    queryKey: ["part", name],
    queryFn: async () => ({ Component: await loadPart(load) }),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: Number.POSITIVE_INFINITY,
    retry: (_, failure) => !(failure instanceof Outdated),
    retryDelay: retryInterval,
  });
}
