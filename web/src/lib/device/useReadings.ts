import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useCallback } from "react";

import { type Schemas, queryOf } from "../api";
import { useSession } from "../SessionProvider";
import { type Range, type Window, utc, windowOf } from "./range";
import { deviceKey } from "./useDevice";

const pageSize = 50;

/** Ranges that follow the clock have no end, so that a page fetched later fits. */
function filterOf(range: Range, simulated: boolean) {
  const { since, until } = windowOf(range, Date.now());
  return { since: utc(since), ...(range.kind === "fixed" ? { until: utc(until) } : {}), include_simulated: simulated };
}

/** The readings of the range, newest first. `onNewest` is called when the newest page is fetched. */
export function useReadings(id: string, range: Range, simulated: boolean, onNewest: () => void) {
  const session = useSession();
  return useInfiniteQuery({
    queryKey: [...deviceKey(id), "readings", range, simulated],
    queryFn: ({ pageParam, signal }) => {
      if (pageParam === undefined) onNewest();
      return session.page<Schemas["Reading"]>(`/devices/${id}/readings${queryOf({ ...filterOf(range, simulated), limit: pageSize, cursor: pageParam })}`, signal);
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next,
  });
}

/** The number of readings, and the oldest and newest. Without a range: of all. */
export function useReadingsMeta(id: string, simulated: boolean, range?: Range) {
  const session = useSession();
  return useQuery({
    queryKey: [...deviceKey(id), "meta", range ?? "all", simulated],
    queryFn: ({ signal }) => session.call<Schemas["ReadingsMeta"]>("GET", `/devices/${id}/readings/meta${queryOf(range === undefined ? { include_simulated: simulated } : filterOf(range, simulated))}`, undefined, signal),
  });
}

/** Returns a function that requests the readings of a window as CSV. */
export function useReadingsCsv(id: string) {
  const session = useSession();
  return useCallback(
    ({ since, until }: Window, simulated: boolean, signal: AbortSignal) => session.request("GET", `/devices/${id}/readings.csv${queryOf({ since: utc(since), until: utc(until), include_simulated: simulated })}`, undefined, signal),
    [session, id],
  );
}
