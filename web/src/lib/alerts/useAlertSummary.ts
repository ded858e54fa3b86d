import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";

import { useLive } from "../LiveProvider";
import { useSession } from "../SessionProvider";
import type { AlertSummary } from "./alerts";

const queryKey = ["alerts", "summary"];
/** Shortest time between two refreshes, in milliseconds. */
const minInterval = 2000;

/** The counts of unresolved alerts. */
export function useAlertSummary(): AlertSummary | undefined {
  const session = useSession();
  return useQuery({ queryKey, queryFn: ({ signal }) => session.call<AlertSummary>("GET", "/alerts/summary", undefined, signal), staleTime: Number.POSITIVE_INFINITY }).data;
}

/** Refreshes the counts when alerts change. Used once, for all pages. */
export function useAlertSummaryUpdates(): void {
  const queries = useQueryClient();
  const timer = useRef<ReturnType<typeof setTimeout>>();
  const recount = () => {
    timer.current ??= setTimeout(() => {
      timer.current = undefined;
      void queries.invalidateQueries({ queryKey });
    }, minInterval);
  };
  useEffect(
    () => () => {
      clearTimeout(timer.current);
      timer.current = undefined;
    },
    [],
  );
  useLive((events) => {
    if (events.some((event) => event.type === "alert")) recount();
  }, recount);
}
