import type { Schemas } from "../api";
import type { Session } from "../session";

export type DeviceAction = "deactivate" | "reactivate" | "invalidate" | "delete";

export async function perform(session: Session, action: DeviceAction, id: string): Promise<void> {
  switch (action) {
    case "deactivate":
      await session.request("POST", `/devices/${id}/deactivate`);
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
