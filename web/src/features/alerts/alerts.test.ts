import { describe, expect, it } from "vitest";

import type { Alert } from "@/lib/alerts/alerts";
import { Announcer } from "./announcer";
import { countOf, everything, fits, pathOf, unresolved, worstOf } from "@/lib/alerts/filter";

const alert: Alert = {
  id: 12,
  rule_id: 3,
  rule_name: "Too cold or too warm indoors",
  kind: "field",
  severity: "warning",
  device_id: "a",
  device_name: "Server room",
  subject: "metrics.temperature_c",
  summary: "metrics.temperature_c is 33.4, outside 12 to 32.",
  state: "open",
  count: 1,
  quarantined: false,
  late: false,
  raised_at: "2026-01-15T12:00:00Z",
  last_raised_at: "2026-01-15T12:00:00Z",
  acknowledged_at: null,
  acknowledged_by: null,
  resolved_at: null,
  resolved_by: null,
  note: null,
  simulated: false,
  device_deleted: false,
};

describe("the filter of alerts", () => {
  it("queries the active filters", () => {
    expect(pathOf(unresolved, 100)).toBe("/alerts?limit=100&state=live");
    expect(pathOf(everything, 50)).toBe("/alerts?limit=50");
    expect(pathOf({ state: "open", severity: "critical", rule: 3, device: "a" }, 100)).toBe("/alerts?limit=100&state=open&severity=critical&rule_id=3&device_id=a");
  });

  it("accepts the alerts that the server would list", () => {
    expect(fits(alert, unresolved)).toBe(true);
    expect(fits({ ...alert, state: "acknowledged" }, unresolved)).toBe(true);
    expect(fits({ ...alert, state: "resolved" }, unresolved)).toBe(false);
    expect(fits({ ...alert, state: "resolved" }, everything)).toBe(true);
    expect(fits(alert, { ...everything, state: "acknowledged" })).toBe(false);
    expect(fits(alert, { ...everything, severity: "critical" })).toBe(false);
    expect(fits(alert, { ...everything, rule: 4 })).toBe(false);
    expect(fits({ ...alert, device_id: null }, { ...everything, device: "a" })).toBe(false);
  });

  it("counts the active filters, without the state", () => {
    expect([countOf(unresolved), countOf(everything), countOf({ ...unresolved, rule: 3, device: "a" })]).toEqual([0, 0, 2]);
  });

  it("finds the highest severity", () => {
    expect(worstOf([alert, { ...alert, severity: "critical" }, { ...alert, severity: "info" }])).toBe("critical");
  });
});

describe("announcements of new alerts", () => {
  it("are limited per minute; the other alerts follow together", () => {
    const announcer = new Announcer();
    const dueCount = (now: number, ...raised: Alert[]) => announcer.due(raised, now).length;
    expect([dueCount(0, alert, alert), dueCount(1000, alert), dueCount(2000, alert)]).toEqual([2, 1, 1]);
    expect([dueCount(3000, alert), dueCount(4000, alert), dueCount(59_000)]).toEqual([0, 0, 0]);
    expect(dueCount(60_000)).toBe(2);
    expect(dueCount(60_500)).toBe(0);
  });

  it("omit alerts that were seen", () => {
    const announcer = new Announcer();
    for (let n = 0; n < 3; ++n) announcer.due([alert], 0);
    announcer.due([alert], 1000);
    announcer.clear();
    expect(announcer.due([], 60_000)).toEqual([]);
  });
});
