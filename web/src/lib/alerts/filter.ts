import { type Alert, type AlertState, type Severity, severities } from "./alerts";
import { type QueryCodec, numberCodec } from "../address";
import { queryOf } from "../api";

export type ShownState = AlertState | "live" | "all";

/** Null matches any value. */
export type Filter = { state: ShownState; severity: Severity | null; rule: number | null; device: string | null };
export const unresolved: Filter = { state: "live", severity: null, rule: null, device: null };
export const everything: Filter = { ...unresolved, state: "all" };

/** The filter in the address. */
export const filterCodec: QueryCodec<Filter> = {
  names: ["state", "severity", "rule", "device"],
  read: (from) => ({
    state: shownStates.find((state) => state === from.get("state")) ?? "live",
    severity: severities.find((severity) => severity === from.get("severity")) ?? null,
    rule: ruleCodec.read(from),
    device: from.get("device"),
  }),
  write: (filter, to) => {
    if (filter.state !== "live") to.set("state", filter.state);
    if (filter.severity !== null) to.set("severity", filter.severity);
    ruleCodec.write(filter.rule, to);
    if (filter.device !== null) to.set("device", filter.device);
  },
};
const ruleCodec = numberCodec("rule");
const shownStates: readonly ShownState[] = ["live", "open", "acknowledged", "resolved", "all"];

export function pathOf({ state, severity, rule, device }: Filter, limit: number): string {
  return `/alerts${queryOf({ limit, state: state === "all" ? null : state, severity, rule_id: rule, device_id: device })}`;
}

/** Whether the server's list would contain the alert. For live alerts. */
export function fits(alert: Alert, { state, severity, rule, device }: Filter): boolean {
  return (
    (state === "all" || (state === "live" ? alert.state !== "resolved" : alert.state === state)) &&
    (severity === null || alert.severity === severity) &&
    (rule === null || alert.rule_id === rule) &&
    (device === null || alert.device_id === device)
  );
}

/** The number of active filters, without the state, whose control is always visible. */
export function countOf({ severity, rule, device }: Filter): number {
  return [severity, rule, device].filter((condition) => condition !== null).length;
}

/** The highest severity of the alerts. */
export function worstOf(alerts: readonly Alert[]): Severity {
  return severities.find((severity) => alerts.some((alert) => alert.severity === severity)) ?? "info";
}
