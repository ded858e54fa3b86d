import { useQuery, useQueryClient } from "@tanstack/react-query";

import { ApiError } from "../../lib/api";
import { useLive } from "../../lib/LiveProvider";
import { useSession } from "../../lib/SessionProvider";

type Summary = { open: number; acknowledged: number; critical: number; warning: number; info: number };
const queryKey = ["alerts", "summary"];

/** How many alerts nobody has looked at; null where the server knows none. */
export function useOpenAlerts(): Summary | null | undefined {
  const session = useSession();
  const queries = useQueryClient();
  const { data } = useQuery({
    queryKey,
    queryFn: () =>
      session.call<Summary>("GET", "/alerts/summary").catch((failure: unknown) => {
        if (failure instanceof ApiError && failure.status === 404) return null;
        throw failure;
      }),
  });
  const again = () => void queries.invalidateQueries({ queryKey });
  useLive((events) => {
    if (events.some((each) => each.type === "alert")) again();
  }, again);
  return data;
}
