import type { Alert } from "./alerts";

export type AlertAction = "acknowledge" | "resolve";

/** Whether the action changes the alert: only open alerts can be acknowledged, and resolved ones can't be resolved again. */
export function canPerform(alert: Alert, action: AlertAction): boolean {
  return action === "acknowledge" ? alert.state === "open" : alert.state !== "resolved";
}
