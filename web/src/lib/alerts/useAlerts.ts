import { useMutation, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";

import { ApiError, type Schemas } from "../api";
import { useLiveFeed } from "../live-feed";
import { useSession } from "../SessionProvider";
import type { AlertAction } from "./action";
import { type Alert, alertOf } from "./alerts";
import { type Filter, fits, pathOf } from "./filter";

const pageSize = 100;

/** The alerts that match the filter, newest first, live. */
export function useAlerts(filter: Filter) {
  const path = useMemo(() => pathOf(filter, pageSize), [filter]);
  return useLiveFeed<Alert>("alerts", path, alertOf, (alert) => fits(alert, filter));
}

/** One alert. Fetched if `enabled`. */
export function useAlert(id: number | null, enabled: boolean) {
  const session = useSession();
  return useQuery({
    queryKey: ["alert", id],
    queryFn: ({ signal }) => session.call<Alert>("GET", `/alerts/${id}`, undefined, signal),
    enabled: enabled && id !== null,
  });
}

/** Acknowledges or resolves alerts. The result is the changed alert; if somebody else was faster (400), its current state. */
export function useAlertAction() {
  const session = useSession();
  return useMutation({
    mutationFn: async ({ alert, action, note }: { alert: Alert; action: AlertAction; note: string }) => {
      const body: Schemas["AlertNoteRequest"] = note.trim() === "" ? {} : { note: note.trim() };
      try {
        return await session.call<Alert>("POST", `/alerts/${alert.id}/${action}`, body);
      } catch (failure) {
        if (!(failure instanceof ApiError) || failure.status !== 400) throw failure;
        return session.call<Alert>("GET", `/alerts/${alert.id}`);
      }
    },
  });
}
