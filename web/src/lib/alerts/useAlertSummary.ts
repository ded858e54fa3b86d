import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";

import { useLive } from "../LiveProvider";
import { useSession } from "../SessionProvider";
import type { AlertSummary } from "./alerts";

const queryKey = ["alerts", "summary"];
/** A storm of alerts has them counted so often, in milliseconds. */
const pause = 2000;

/** How many alerts aren't resolved. */
export function useAlertSummary(): AlertSummary | undefined {
  const session = useSession();
  return useQuery({ queryKey, queryFn: ({ signal }) => session.call<AlertSummary>("GET", "/alerts/summary", undefined, signal), staleTime: Number.POSITIVE_INFINITY }).data;
}

/** Has them counted anew when some change. Once for all pages. */
export function useAlertSummaryLive(): void {
  const queries = useQueryClient();
  const timer = useRef<ReturnType<typeof setTimeout>>();
  const again = () => {
    timer.current ??= setTimeout(() => {
      timer.current = undefined;
      void queries.invalidateQueries({ queryKey });
    }, pause);
  };
  useEffect(
    () => () => {
      clearTimeout(timer.current);
      timer.current = undefined;
    },
    [],
  );
  useLive((events) => {
    if (events.some((each) => each.type === "alert")) again();
  }, again);
}
