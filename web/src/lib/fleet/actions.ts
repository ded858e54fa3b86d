import type { Schemas } from "../api";
import type { Session } from "../session";

export type DeviceAction = "deactivate" | "reactivate" | "invalidate" | "delete";

/** `reason`: why it is deactivated, for whoever sees the device; empty: none is given. */
export async function perform(session: Session, action: DeviceAction, id: string, reason = ""): Promise<void> {
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
