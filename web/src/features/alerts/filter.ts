import { type Alert, type AlertState, type Severity, severities } from "../../lib/alerts/alerts";
import { type Wording, number } from "../../lib/address";
import { queryOf } from "../../lib/api";

export type Shown = AlertState | "live" | "all";

/** Which alerts are looked at; null is any. */
export type Filter = { state: Shown; severity: Severity | null; rule: number | null; device: string | null };
/** What waits for somebody. */
export const unresolved: Filter = { state: "live", severity: null, rule: null, device: null };
export const everything: Filter = { ...unresolved, state: "all" };

/** As the address has it. */
export const filterWording: Wording<Filter> = {
  names: ["state", "severity", "rule", "device"],
  read: (from) => ({
    state: shown.find((each) => each === from.get("state")) ?? "live",
    severity: severities.find((each) => each === from.get("severity")) ?? null,
    rule: rule.read(from),
    device: from.get("device"),
  }),
  write: (filter, to) => {
    if (filter.state !== "live") to.set("state", filter.state);
    if (filter.severity !== null) to.set("severity", filter.severity);
    rule.write(filter.rule, to);
    if (filter.device !== null) to.set("device", filter.device);
  },
};
const rule = number("rule");
const shown: readonly Shown[] = ["live", "open", "acknowledged", "resolved", "all"];

export function pathOf({ state, severity, rule, device }: Filter, limit: number): string {
  return `/alerts${queryOf({ limit, state: state === "all" ? null : state, severity, rule_id: rule, device_id: device })}`;
}

/** Whether the server would list it: for alerts that are heard of while the list is shown. */
export function fits(alert: Alert, { state, severity, rule, device }: Filter): boolean {
  return (
    (state === "all" || (state === "live" ? alert.state !== "resolved" : alert.state === state)) &&
    (severity === null || alert.severity === severity) &&
    (rule === null || alert.rule_id === rule) &&
    (device === null || alert.device_id === device)
  );
}

/** How many things are looked for, but for the state, which is always seen. */
export function countOf({ severity, rule, device }: Filter): number {
  return [severity, rule, device].filter((each) => each !== null).length;
}

/** The worst of them. */
export function worstOf(alerts: readonly Alert[]): Severity {
  return severities.find((each) => alerts.some((alert) => alert.severity === each)) ?? "info";
}
