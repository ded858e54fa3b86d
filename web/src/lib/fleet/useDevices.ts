import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";

import { type Schemas, queryOf } from "../api";
import type { Session } from "../session";
import { useSession } from "../SessionProvider";
import { deviceKey } from "../device/useDevice";

export type DeviceAction = "deactivate" | "reactivate" | "invalidate" | "delete";

async function perform(session: Session, action: DeviceAction, id: string, reason: string): Promise<void> {
  switch (action) {
    case "deactivate":
      if (reason === "") await session.request("POST", `/devices/${id}/deactivate`);
      else await session.request("PUT", `/devices/${id}`, { status: "blocked", reason } satisfies Schemas["UpdateDeviceRequest"]);
      return;
    case "reactivate":
      await session.request("PUT", `/devices/${id}`, { status: "active" } satisfies Schemas["UpdateDeviceRequest"]);
      return;
    case "invalidate":
      await session.request("POST", `/devices/${id}/invalidate-tokens`);
      return;
    case "delete":
      await session.request("DELETE", `/devices/${id}`);
  }
}

/** Performs an action on devices. `reason`: of a deactivation, visible to everybody who sees the device. Empty: none. */
export function useDeviceAction() {
  const session = useSession();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ action, id, reason = "" }: { action: DeviceAction; id: string; reason?: string }) => perform(session, action, id, reason),
    // Nothing of a deleted device can be fetched again.
    onSuccess: (_, { action, id }) => (action === "delete" ? undefined : queries.invalidateQueries({ queryKey: deviceKey(id) })),
  });
}

/** Creates a device. The result is its secret, which the server shows once. */
export function useCreateDevice() {
  const session = useSession();
  return useMutation({ mutationFn: (request: Schemas["CreateDeviceRequest"]) => session.call<Schemas["DeviceCredentials"]>("POST", "/devices", request) });
}

/** Returns a function that requests the readings of the own fleet as CSV. */
export function useFleetCsv() {
  const session = useSession();
  return useCallback(
    (filter: { since: string | undefined; until: string; include_simulated: boolean }, signal: AbortSignal) => session.request("GET", `/readings.csv${queryOf(filter)}`, undefined, signal),
    [session],
  );
}
