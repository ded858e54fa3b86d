import { describe, expect, it } from "vitest";

import type { Alert } from "../../lib/alerts/alerts";
import { Announcer } from "./announcer";
import { countOf, everything, fits, pathOf, unresolved, worstOf } from "./filter";

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
  it("asks for what is set", () => {
    expect(pathOf(unresolved, 100)).toBe("/alerts?limit=100&state=live");
    expect(pathOf(everything, 50)).toBe("/alerts?limit=50");
    expect(pathOf({ state: "open", severity: "critical", rule: 3, device: "a" }, 100)).toBe("/alerts?limit=100&state=open&severity=critical&rule_id=3&device_id=a");
  });

  it("lets in what the server would list", () => {
    expect(fits(alert, unresolved)).toBe(true);
    expect(fits({ ...alert, state: "acknowledged" }, unresolved)).toBe(true);
    expect(fits({ ...alert, state: "resolved" }, unresolved)).toBe(false);
    expect(fits({ ...alert, state: "resolved" }, everything)).toBe(true);
    expect(fits(alert, { ...everything, state: "acknowledged" })).toBe(false);
    expect(fits(alert, { ...everything, severity: "critical" })).toBe(false);
    expect(fits(alert, { ...everything, rule: 4 })).toBe(false);
    expect(fits({ ...alert, device_id: null }, { ...everything, device: "a" })).toBe(false);
  });

  it("counts what is set beside the state", () => {
    expect([countOf(unresolved), countOf(everything), countOf({ ...unresolved, rule: 3, device: "a" })]).toEqual([0, 0, 2]);
  });

  it("knows the worst", () => {
    expect(worstOf([alert, { ...alert, severity: "critical" }, { ...alert, severity: "info" }])).toBe("critical");
  });
});

describe("what is told of new alerts", () => {
  it("is told a few times a minute, the others together later", () => {
    const announcer = new Announcer();
    const told = (now: number, ...raised: Alert[]) => announcer.take(raised, now).length;
    expect([told(0, alert, alert), told(1000, alert), told(2000, alert)]).toEqual([2, 1, 1]);
    expect([told(3000, alert), told(4000, alert), told(59_000)]).toEqual([0, 0, 0]);
    expect(told(60_000)).toBe(2);
    expect(told(60_500)).toBe(0);
  });

  it("isn't told of what was seen", () => {
    const announcer = new Announcer();
    for (let n = 0; n < 3; ++n) announcer.take([alert], 0);
    announcer.take([alert], 1000);
    announcer.forget();
    expect(announcer.take([], 60_000)).toEqual([]);
  });
});
