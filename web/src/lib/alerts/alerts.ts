import type { Schemas } from "../api";
import type { LiveEvent } from "../live";

export type Alert = Schemas["Alert"];
export type AlertRule = Schemas["AlertRule"];
export type AlertSummary = Schemas["AlertSummary"];
export type Severity = Alert["severity"];
export type AlertState = Alert["state"];

/** Highest first. */
export const severities: readonly Severity[] = ["critical", "warning", "info"];

export const colorOf: Readonly<Record<Severity, string>> = { critical: "red", warning: "orange", info: "blue" };

export function alertOf(event: LiveEvent): Alert | undefined {
  return event.type === "alert" ? event.alert : undefined;
}
