import { describe, expect, it } from "vitest";

import type { AlertRule } from "@/lib/alerts/alerts";
import { durationOf } from "@/lib/i18n/duration";
import { Formats, type Language } from "@/lib/i18n/i18n";
import { type Draft, draftOf, empty, numberOf, problemsOf, requestOf } from "./draft";
import { groupsOf } from "./groups";
import { type Condition, type Names, sentenceOf } from "./sentence";
import { rulesText } from "./text";

const stored: AlertRule = {
  id: 16,
  name: "Server room is warm",
  severity: "critical",
  enabled: true,
  category: "indoor_thermometer",
  device_id: null,
  kind: "field",
  field: "metrics.temperature_c",
  test: "above",
  low: null,
  high: 27,
  value: null,
  hysteresis: 1,
  hold_seconds: 120,
  intervals: null,
  incident: null,
  count: null,
  within_seconds: null,
  quarantine: false,
  owner_may_release: false,
  created_at: "2026-01-15T12:00:00Z",
  updated_at: "2026-01-15T12:00:00Z",
};

function sentence(rule: Condition, language: Language = "en", scoped = true): string {
  const names: Names = {
    category: (slug) => (slug === "indoor_thermometer" ? "Indoor thermometer" : slug),
    device: (id) => (id === "a" ? "Roof" : undefined),
    interval: (id) => (id === "a" ? 600 : undefined),
    field: (field) => field.split(".").at(-1)?.replace("_c", "") ?? field,
    duration: durationOf,
  };
  // Sentences have no-break spaces between numbers and units; the expectations have plain ones.
  return sentenceOf(rule, rulesText[language].sentence, names, new Formats(language), scoped).replaceAll("\u00a0", " ");
}

describe("the sentence of a rule", () => {
  it("describes conditions of fields", () => {
    expect(sentence(stored)).toBe("Every device of “Indoor thermometer”: temperature above 27 °C, for 2 min; resolved at 26 °C or below.");
    expect(sentence({ ...stored, category: null, test: "below", low: 2, hysteresis: 0, hold_seconds: 0 })).toBe("Every device: temperature below 2 °C.");
    expect(sentence({ ...stored, category: null, device_id: "a", test: "outside", low: -25, high: 42, hysteresis: 2, hold_seconds: 0 })).toBe("Roof: temperature below -25 °C or above 42 °C; resolved between -23 °C and 40 °C.");
    expect(sentence({ ...stored, category: null, device_id: "b", test: "changes_faster", high: 5, hysteresis: 1, hold_seconds: 0 })).toBe("A deleted device: temperature changes by more than 5 °C per minute, up or down; resolved at 4 °C per minute or less.");
    expect(sentence({ ...stored, category: null, field: "status", test: "changes_to", value: "forced", hysteresis: null, hold_seconds: 0, quarantine: true })).toBe("Every device: status changes to “forced”. The device is blocked.");
    expect(sentence({ ...stored, category: null, field: "jam", test: "changes_to", value: true, hysteresis: null, hold_seconds: 0 })).toBe("Every device: jam changes to true.");
  });

  it("describes silence and incidents", () => {
    expect(sentence({ name: "x", severity: "info", kind: "silence", intervals: 3, category: "indoor_thermometer" })).toBe("Every device of “Indoor thermometer”: no reading for 3 times the expected interval.");
    expect(sentence({ name: "x", severity: "info", kind: "silence", intervals: 1 })).toBe("Every device: no reading for the expected interval.");
    expect(sentence({ name: "x", severity: "info", kind: "silence", intervals: 3, device_id: "a" })).toBe("Roof: no reading for 3 times the expected interval (30 min).");
    expect(sentence({ name: "x", severity: "info", kind: "security", incident: "refused_logins", count: 10, within_seconds: 300 })).toBe("10 refused sign-ins from one address within 5 min.");
    expect(sentence({ name: "x", severity: "info", kind: "security", incident: "replayed_refresh_token", count: 1, within_seconds: 60 })).toBe("A refresh token of an account is used again.");
    expect(sentence({ name: "x", severity: "info", kind: "security", incident: "password_spraying", count: 15, within_seconds: 3600 })).toBe("Wrong passwords for 15 accounts, from any address within 1 h.");
    expect(sentence({ name: "x", severity: "info", kind: "security", incident: "device_probing", count: 10, within_seconds: 600 }, "pl")).toBe("Jeden użytkownik próbuje dostać się do 10 cudzych urządzeń w ciągu 10 min.");
    expect(sentence({ name: "x", severity: "info", kind: "security", incident: "device_flood", count: 100, within_seconds: 60 }, "pl")).toBe("Każde urządzenie: 100 odrzuconych odczytów w ciągu 1 min.");
  });

  it("leaves out the scope on request", () => {
    expect(sentence(stored, "en", false)).toBe("Temperature above 27 °C, for 2 min; resolved at 26 °C or below.");
    expect(sentence({ name: "x", severity: "info", kind: "security", incident: "device_flood", count: 100, within_seconds: 60 }, "en", false)).toBe("100 refused readings within 1 min.");
  });

  it("is available in Polish", () => {
    expect(sentence(stored, "pl")).toBe("Każde urządzenie kategorii „Indoor thermometer”: temperature powyżej 27 °C, przez 2 min; zamknięty po powrocie do 26 °C lub niżej.");
  });

  it("formats durations", () => {
    expect([0, 59, 60, 90_061].map((seconds) => durationOf(seconds).replaceAll("\u00a0", " "))).toEqual(["0 s", "59 s", "1 min", "1 d 1 h 1 min 1 s"]);
  });
});

describe("a draft of a rule", () => {
  const { problems } = rulesText.en;
  const draft: Draft = { ...empty, name: "Warm", field: "metrics.temperature_c", high: "27" };

  it("survives the conversion from a stored rule and back", () => {
    const assignedByTheServer = ["id", "created_at", "updated_at"];
    const request = requestOf(draftOf(stored));
    expect(Object.fromEntries(Object.entries(stored).filter(([name, value]) => value !== null && !assignedByTheServer.includes(name)))).toEqual(Object.fromEntries(Object.entries(request).filter(([, value]) => value !== null)));
  });

  it("keeps the type of the value", () => {
    for (const value of ["forced", "", 3.5, true, false]) expect(requestOf(draftOf({ ...stored, test: "changes_to", value, hysteresis: null })).value).toBe(value);
  });

  it("sends only the fields of its kind", () => {
    expect(requestOf({ ...draft, kind: "silence", quarantine: true })).toEqual({ name: "Warm", severity: "warning", enabled: true, category: null, device_id: null, quarantine: false, owner_may_release: false, kind: "silence", intervals: 3 });
    const security = requestOf({ ...draft, kind: "security", scope: { kind: "category", slug: "ip_camera" }, quarantine: true });
    expect(security).toMatchObject({ category: null, quarantine: false, incident: "refused_logins", count: 10, within_seconds: 300 });
    expect(requestOf({ ...draft, kind: "security", incident: "device_flood", scope: { kind: "category", slug: "ip_camera" }, quarantine: true })).toMatchObject({ category: "ip_camera", quarantine: true });
    expect(requestOf({ ...draft, test: "below", low: "2,5" })).not.toHaveProperty("high");
  });

  it("reports what the server would refuse", () => {
    expect(problemsOf(draft, problems)).toEqual({});
    expect(problemsOf({ ...draft, name: "  " }, problems)).toEqual({ name: problems.name });
    expect(problemsOf({ ...draft, scope: { kind: "device", id: null } }, problems)).toEqual({ device: problems.device });
    for (const field of ["", ".", "a..b", "a.", "x,y", "a[64]", "a\\b", "x".repeat(201)]) expect(problemsOf({ ...draft, field }, problems)).toEqual({ field: problems.field });
    for (const field of ["m.a\\.b", "\\e", "gps[0]", " "]) expect(problemsOf({ ...draft, field }, problems)).toEqual({});
    expect(problemsOf({ ...draft, high: "warm", hold: "1.5" }, problems)).toEqual({ high: problems.number, hold: problems.hold });
    expect(problemsOf({ ...draft, test: "outside", low: "5", high: "5" }, problems)).toEqual({ high: problems.order });
    expect(problemsOf({ ...draft, test: "outside", low: "0", high: "10", hysteresis: "5" }, problems)).toEqual({ hysteresis: problems.hysteresisWide });
    expect(problemsOf({ ...draft, test: "outside", low: "0", high: "10", hysteresis: "4,9" }, problems)).toEqual({});
    expect(problemsOf({ ...draft, hysteresis: "-1" }, problems)).toEqual({ hysteresis: problems.hysteresis });
    expect(problemsOf({ ...draft, hysteresis: "2701" }, problems)).toEqual({ hysteresis: problems.hysteresisLarge("2700") });
    expect(problemsOf({ ...draft, test: "below", low: "0.5", hysteresis: "101" }, problems)).toEqual({ hysteresis: problems.hysteresisLarge("100") });
    expect(problemsOf({ ...draft, test: "changes_faster", high: "0" }, problems)).toEqual({ high: problems.rate });
    expect(problemsOf({ ...draft, test: "changes_faster", high: "2", hysteresis: "2" }, problems)).toEqual({ hysteresis: problems.hysteresisRate });
    expect(problemsOf({ ...draft, test: "changes_faster", high: "2", hysteresis: "1.9" }, problems)).toEqual({});
    expect(problemsOf({ ...draft, test: "changes_to", value: "ą".repeat(100) }, problems)).toEqual({ value: problems.value });
    expect(problemsOf({ ...draft, test: "changes_to", valueKind: "number", value: "x" }, problems)).toEqual({ value: problems.number });
    expect(problemsOf({ ...draft, kind: "silence", intervals: "0" }, problems)).toEqual({ intervals: problems.intervals });
    expect(problemsOf({ ...draft, kind: "security", count: "", within: "86401" }, problems)).toEqual({ count: problems.count(100_000), within: problems.within });
    expect(problemsOf({ ...draft, kind: "security", incident: "password_spraying", count: "1001", within: "60" }, problems)).toEqual({ count: problems.count(1000) });
    expect(problemsOf({ ...draft, kind: "security", incident: "admin_probing", count: "1001", within: "60" }, problems)).toEqual({});
  });

  it("parses numbers with a decimal comma or point", () => {
    expect(["1", " -2,5 ", "−3", ".5", "1e3"].map(numberOf)).toEqual([1, -2.5, -3, 0.5, 1000]);
    expect(["", "1 000", "0x10", "Infinity", "1,2,3"].map(numberOf).every(Number.isNaN)).toBe(true);
  });
});

describe("rules", () => {
  it("are grouped by subject", () => {
    const rule = (id: number, change: Partial<AlertRule>): AlertRule => ({ ...stored, id, category: null, ...change });
    const all = [rule(1, { kind: "security" }), rule(2, { category: "smart_lock" }), rule(3, {}), rule(4, { kind: "silence", category: "smart_lock" }), rule(5, { device_id: "a" }), rule(6, { category: "ip_camera" }), rule(7, { category: "smart_lock" })];
    const groups = groupsOf(all, (slug) => slug);
    expect(groups.map(({ key, rules }) => [key, rules.map((member) => member.id)])).toEqual([
      ["all", [3]],
      ["category:ip_camera", [6]],
      ["category:smart_lock", [2, 7]],
      ["device", [5]],
      ["silence", [4]],
      ["security", [1]],
    ]);
  });
});
