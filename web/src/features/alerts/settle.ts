import type { Alert } from "../../lib/alerts/alerts";
import { ApiError, type Schemas } from "../../lib/api";
import type { Session } from "../../lib/session";

export type Settling = "acknowledge" | "resolve";

/** Whether there is something to do: what is acknowledged or resolved can't be acknowledged, what is resolved can't be resolved. */
export function canSettle(alert: Alert, how: Settling): boolean {
  return how === "acknowledge" ? alert.state === "open" : alert.state !== "resolved";
}

/** The alert afterwards, where somebody else was quicker (400), too. */
export async function settle(session: Session, alert: Alert, how: Settling, note: string): Promise<Alert> {
  const body: Schemas["AlertNoteRequest"] = note.trim() === "" ? {} : { note: note.trim() };
  try {
    return await session.call<Alert>("POST", `/alerts/${alert.id}/${how}`, body);
  } catch (failure) {
    if (!(failure instanceof ApiError) || failure.status !== 400) throw failure;
    return session.call<Alert>("GET", `/alerts/${alert.id}`);
  }
}
