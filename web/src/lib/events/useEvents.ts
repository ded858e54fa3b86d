import { useInfiniteQuery, useMutation } from "@tanstack/react-query";
import { useCallback, useMemo } from "react";

import { type Schemas, queryOf } from "../api";
import type { LiveEvent } from "../live";
import { useLive } from "../LiveProvider";
import { useLiveFeed } from "../live-feed";
import { useSession } from "../SessionProvider";
import { type SecurityEvent, isAbout } from "./events";
import { type EventQuery, fits, pathOf } from "./filter";

const pageSize = 100;
const exportPageSize = 500;
const devicePageSize = 50;
/** Only administrators receive live security events; others poll. Milliseconds. */
const pollInterval = 30_000;

function eventOf(event: LiveEvent): SecurityEvent | undefined {
  return event.type === "security_event" ? event : undefined;
}

/** The events that match the query, newest first, live. */
export function useEvents(query: EventQuery) {
  const path = useMemo(() => pathOf(query, pageSize), [query]);
  return useLiveFeed<SecurityEvent>("security-events", path, eventOf, (event) => fits(event, query));
}

/** Returns a function that fetches one page of the events, for an export. */
export function useFetchEvents() {
  const session = useSession();
  return useCallback(
    (query: EventQuery, cursor: string | undefined, signal: AbortSignal) => {
      const path = pathOf(query, exportPageSize);
      return session.page<SecurityEvent>(cursor === undefined ? path : `${path}&cursor=${encodeURIComponent(cursor)}`, signal);
    },
    [session],
  );
}

/** The events about the device, newest first. `routine`: with routine events. */
export function useDeviceEvents(id: string, routine: boolean) {
  const session = useSession();
  const log = useInfiniteQuery({
    queryKey: ["device", id, "security", routine],
    queryFn: ({ pageParam, signal }) => session.page<SecurityEvent>(`/devices/${id}/security-events${queryOf({ limit: devicePageSize, routine: routine ? "true" : undefined, cursor: pageParam })}`, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next,
    refetchInterval: session.person.admin ? false : pollInterval,
  });
  useLive(
    (events) => {
      if (events.some((event) => event.type === "security_event" && isAbout(event, "device", id))) void log.refetch();
    },
    () => void log.refetch(),
  );
  return log;
}

/** Records a simulated incident, for practice. */
export function useSimulateIncident() {
  const session = useSession();
  return useMutation({ mutationFn: (request: Schemas["SimulateIncidentRequest"]) => session.call("POST", "/admin/security-events/simulate", request) });
}
