import { useQuery, useQueryClient } from "@tanstack/react-query";

import type { Schemas } from "../../lib/api";
import { useLive } from "../../lib/LiveProvider";
import { useSession } from "../../lib/SessionProvider";

const queryKey = ["alerts", "summary"];

/** How many alerts nobody has looked at. */
export function useOpenAlerts(): Schemas["AlertSummary"] | undefined {
  const session = useSession();
  const queries = useQueryClient();
  const { data } = useQuery({ queryKey, queryFn: () => session.call<Schemas["AlertSummary"]>("GET", "/alerts/summary") });
  const again = () => void queries.invalidateQueries({ queryKey });
  useLive((events) => {
    if (events.some((each) => each.type === "alert")) again();
  }, again);
  return data;
}
