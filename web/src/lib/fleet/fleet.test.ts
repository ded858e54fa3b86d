import { describe, expect, it } from "vitest";

import type { LatestDevice } from "../api";
import type { LiveEvent, ReadingEvent } from "../live";
import { Formats } from "../i18n/i18n";
import { Rate, healthOf } from "./fleet";
import { FleetStore } from "./store";
import { fleetWords } from "./text";
import { labelOf, labelsOf, textOf, mainFields } from "./values";

const noon = Date.parse("2026-01-15T12:00:00Z");
const mast: LatestDevice = {
  device_id: "a",
  name: "Mast",
  category: "weather_station",
  status: "active",
  simulated: false,
  never_heard: false,
  expected_interval_seconds: 45,
  last_reading_at: "2026-01-15T12:00:00Z",
  fields: [
    { field: "metrics.temperature_c", value: 18.5, measured_at: "2026-01-15T12:00:00Z" },
    { field: "timestamp", value: "2026-01-15T12:00:00Z", measured_at: "2026-01-15T12:00:00Z" },
  ],
};

/** An event about the device `a`. */
const update = {
  type: "device",
  change: "updated",
  device_id: "a",
  name: "Mast",
  category: "weather_station",
  status: "active",
  simulated: false,
  never_heard: false,
  expected_interval_seconds: 60,
  updated_at: "2026-01-15T12:00:00Z",
} as const;

function reading(device: string, payload: Record<string, unknown>, at = "2026-01-15T12:01:00Z"): LiveEvent {
  return { type: "reading", reading: { id: 1, device_id: device, received_at: at, device_timestamp: null, simulated: false, payload, payload_size: JSON.stringify(payload).length } };
}

function storeOf(...latest: LatestDevice[]): FleetStore {
  const store = new FleetStore();
  store.load(latest);
  return store;
}

describe("fleet", () => {
  it("loads the last values and the time of the last reading", () => {
    const device = storeOf(mast).get("a");
    expect(device?.fields).toEqual(new Map([["metrics.temperature_c", 18.5]]));
    expect(device?.lastReadingAt).toBe(noon);
  });

  it("applies readings and leaves other devices unchanged", () => {
    const store = storeOf(mast, { ...mast, device_id: "b" });
    const other = store.get("b");
    const { shape } = store;
    store.applyEvents([reading("a", { metrics: { temperature_c: 20, list: [1] }, ok: true }), reading("unknown", {})], noon);
    expect(store.get("a")?.fields).toEqual(new Map<string, unknown>([["metrics.temperature_c", 20], ["metrics.list[0]", 1], ["ok", true]]));
    expect(store.get("a")?.lastReadingAt).toBe(noon + 60_000);
    expect(store.get("b")).toBe(other);
    expect([store.size, store.shape]).toEqual([2, shape]);
    store.applyEvents([reading("a", {}, "2026-01-15T11:58:00Z")], noon);
    expect(store.get("a")?.lastReadingAt).toBe(noon + 60_000);
    expect(store.rate.perSecond(noon)).toBe(0.3);
  });

  it("accepts readings after the server's clock was set back", () => {
    const store = storeOf(mast);
    store.applyEvents([reading("a", {}, "2026-01-15T11:00:00Z")], noon);
    expect(store.get("a")?.lastReadingAt).toBe(noon - 3_600_000);
  });

  it("uses the time of reception as the time of the last reading", () => {
    expect(storeOf({ ...mast, last_reading_at: "2026-01-15T12:10:00Z" }).get("a")?.lastReadingAt).toBe(noon + 600_000);
    expect(storeOf({ ...mast, last_reading_at: null }).get("a")?.lastReadingAt).toBeUndefined();
  });

  it("does not replace newer values by late readings", () => {
    const store = storeOf(mast);
    const late = (reading("a", { metrics: { temperature_c: 99, humidity_pct: 40 } }) as ReadingEvent).reading;
    store.applyEvents([{ type: "reading", reading: { ...late, device_timestamp: "2026-01-15T11:59:59Z" } }], noon);
    expect(store.get("a")?.fields).toEqual(new Map([["metrics.temperature_c", 18.5], ["metrics.humidity_pct", 40]]));
    expect(store.get("a")?.lastReadingAt).toBe(noon + 60_000);
    store.applyEvents([{ type: "reading", reading: { ...late, device_timestamp: "1970-01-01T00:00:00Z" } }], noon);
    expect(store.get("a")?.fields.get("metrics.temperature_c")).toBe(99);
    const hourBefore = { ...late, device_timestamp: null, received_at: new Date(noon - 3_600_000).toISOString() };
    store.applyEvents([{ type: "reading", reading: { ...hourBefore, payload: { metrics: { temperature_c: 7 } } } }], noon);
    expect(store.get("a")?.fields.get("metrics.temperature_c"), "the server's clock was set back").toBe(7);
  });

  it("applies created, updated and deleted devices", () => {
    const store = storeOf();
    store.applyEvents([{ ...update, change: "created", device_id: "n", name: "New", never_heard: true }], noon);
    expect(store.get("n")).toMatchObject({ name: "New", lastReadingAt: undefined });
    const { shape } = store;
    store.applyEvents([{ ...update, device_id: "n", name: "New", status: "blocked" }], noon);
    expect(healthOf(store.get("n")!, noon)).toBe("blocked");
    expect(store.shape).toBeGreaterThan(shape);
    store.applyEvents([{ type: "device", change: "deleted", device_id: "n" }], noon);
    expect(store.size).toBe(0);
  });

  it("applies events that arrive while the fleet is loading", () => {
    const store = storeOf(mast);
    store.beginLoading();
    store.applyEvents([reading("a", { metrics: { temperature_c: 21 } }), { type: "device", change: "deleted", device_id: "b" }], noon);
    store.load([mast, { ...mast, device_id: "b" }]);
    expect(store.get("a")?.fields.get("metrics.temperature_c")).toBe(21);
    expect(store.get("b")).toBeUndefined();
  });

  it("adds past readings without counting them", () => {
    const store = storeOf(mast);
    const past = reading("a", { metrics: { temperature_c: 7 } });
    store.addPastReading(past as ReadingEvent);
    expect(store.get("a")?.fields.get("metrics.temperature_c")).toBe(7);
    expect(store.rate.perSecond(noon)).toBe(0);
  });

  it("notifies watchers once per batch", () => {
    const store = storeOf(mast);
    let notifications = 0;
    const end = store.watch(() => (notifications += 1));
    store.applyEvents([reading("a", {}), reading("a", {})], noon);
    end();
    store.applyEvents([reading("a", {})], noon);
    expect(notifications).toBe(1);
  });

  it("marks a device as silent after three intervals", () => {
    const device = storeOf(mast).get("a")!;
    expect(healthOf(device, noon + 135_000)).toBe("ok");
    expect(healthOf(device, noon + 135_001)).toBe("silent");
    expect(healthOf({ ...device, lastReadingAt: undefined }, noon)).toBe("never");
  });

  it("uses the expected interval of the device", () => {
    const store = storeOf({ ...mast, expected_interval_seconds: 600 });
    expect(healthOf(store.get("a")!, noon + 1_800_000)).toBe("ok");
    expect(healthOf(store.get("a")!, noon + 1_800_001)).toBe("silent");
    store.applyEvents([{ ...update, expected_interval_seconds: 45 }], noon);
    expect(healthOf(store.get("a")!, noon + 1_800_000)).toBe("silent");
    store.applyEvents([{ ...update, expected_interval_seconds: 3600 }, reading("a", {}), { ...update, expected_interval_seconds: 3600 }], noon);
    expect(healthOf(store.get("a")!, noon + 60_000 + 10_800_000)).toBe("ok");
    expect(store.get("a")).toMatchObject({ lastReadingAt: noon + 60_000, fields: new Map([["metrics.temperature_c", 18.5]]) });
  });

  it("ignores simulated readings of a real device", () => {
    const store = storeOf({ ...mast, never_heard: true, last_reading_at: null });
    expect(store.get("a")).toMatchObject({ lastReadingAt: undefined, fields: new Map() });
    const reported = reading("a", { t: 1 }) as ReadingEvent;
    const { shape } = store;
    store.applyEvents([{ ...reported, reading: { ...reported.reading, simulated: true } }], noon);
    expect(healthOf(store.get("a")!, noon)).toBe("never");
    expect(store.shape).toBe(shape);
    store.applyEvents([reading("a", { t: 2 })], noon);
    expect(store.get("a")?.fields).toEqual(new Map([["t", 2]]));
  });

  it("discards simulated data once the device itself sends", () => {
    const simulated = { ...mast, simulated: true };
    const store = storeOf(simulated, { ...simulated, device_id: "b" }, { ...simulated, device_id: "c" });
    const reported = reading("a", { t: 1 }) as ReadingEvent;
    store.applyEvents([{ ...reported, reading: { ...reported.reading, simulated: true } }], noon);
    expect(store.get("a")?.fields.get("t")).toBe(1);
    store.applyEvents([update], noon);
    expect(store.get("a")).toMatchObject({ simulated: false, lastReadingAt: undefined, fields: new Map() });
    store.applyEvents([reading("b", { t: 2 })], noon);
    expect(store.get("b")).toMatchObject({ simulated: false, fields: new Map([["t", 2]]) });
    store.applyEvents([{ type: "backfill", device_id: "c", count: 1, oldest: "2026-01-15T10:00:00Z", newest: "2026-01-15T10:00:00Z", received_at: "2026-01-15T11:00:00Z" }], noon);
    expect(store.get("c")).toMatchObject({ simulated: false, fields: new Map(), lastReadingAt: noon - 3_600_000 });
  });

  it("reports unknown health while the connection is lost, except for blocked devices", () => {
    const device = storeOf(mast).get("a")!;
    expect(healthOf(device, noon + 600_000, noon + 60_000)).toBe("unknown");
    expect(healthOf({ ...device, lastReadingAt: undefined }, noon, noon)).toBe("unknown");
    expect(healthOf({ ...device, status: "blocked" }, noon + 600_000, noon + 60_000)).toBe("blocked");
    expect(healthOf(device, noon + 60_000)).toBe("ok");
  });

  it("computes the rate of the last seconds", () => {
    const rate = new Rate(10_000);
    rate.add(0, 30);
    rate.add(5000, 20);
    expect(rate.perSecond(9999)).toBe(5);
    expect(rate.perSecond(10_000)).toBe(2);
    expect(rate.perSecond(60_000)).toBe(0);
  });
});

describe("values", () => {
  const { en, pl } = fleetWords;
  const english = new Formats("en");

  it("are shown with their units", () => {
    expect([labelOf("metrics.temperature_c", en), textOf("metrics.temperature_c", 18.40001, en, english)]).toEqual(["temperature", "18.4 °C"]);
    expect([labelOf("metrics.wind_speed_ms", en), textOf("metrics.wind_speed_ms", 3, en, english)]).toEqual(["wind speed", "3 m/s"]);
    expect([labelOf("tank_level_mm", en), textOf("tank_level_mm", 3, en, english)]).toEqual(["tank level", "3 mm"]);
    expect([labelOf("c", en), textOf("c", 1, en, english)]).toEqual(["c", "1"]);
    expect(textOf("jam_detected", false, en, english)).toBe("no");
    expect(textOf("note", null, en, english)).toBe("–");
    expect(textOf("metrics.humidity_pct", 41.25, pl, new Formats("pl"))).toBe("41,25 %");
  });

  it("have unique labels that include their path", () => {
    const labels = (...fields: string[]) => [...labelsOf(fields, en).values()];
    expect(labels("battery.temperature", "indoor.temperature", "metrics.temperature_c")).toEqual(["battery temperature", "indoor temperature", "temperature"]);
    expect(labels("temperature_c", "metrics.temperature_c", "metrics.Temperature")).toEqual(["temperature_c", "metrics.temperature_c", "metrics.Temperature"]);
    expect(labels("x_mm", "x_c", "a.b_c", "a_b.c")).toEqual(["x_mm", "x_c", "a b", "a b c"]);
    expect(labels("\\e", "_", "metrics")).toEqual(['""', '"_"', "metrics"]);
    expect(labels("\\e", "metrics.\\e")).toEqual(["\\e", "metrics.\\e"]);
    expect(labels("metrics.gps[0]", "rooms[2].air_temperature_c", "volts_mm[1]", "x\\,y")).toEqual(["gps[0]", "rooms[2] air temperature", "volts[1]", "x,y"]);
    expect(labels("a.b", "a_b", "a\\.b")).toEqual(["a.b", "a_b", "a\\.b"]);
    // Names of Object members.
    expect(labels("constructor", "toString", "__proto__.x", "last.valueOf")).toEqual(["constructor", "toString", "proto   x", "last valueOf"]);
    expect(textOf("a.constructor", 1, en, english)).toBe("1");
  });

  it("keep their precision", () => {
    const shownAs = (value: number) => textOf("x", value, en, english);
    expect([1e-12, 1e308, -1.5e-7, 0.000123456, 0.123456789, 1013.25, 1234567.891, 12345678901, 18.399999618530273, 0].map(shownAs)).toEqual([
      "1E-12", "1E308", "-1.5E-7", "0.000123456", "0.123457", "1,013.25", "1,234,567.891", "12,345,678,901", "18.4", "0",
    ]);
    expect([12.3456, 1013.256, 123456.78, 1.23456e-10].map((value) => english.measured(value, 4, 1))).toEqual(["12.35", "1,013.3", "123,456.8", "1.235E-10"]);
  });

  it("start with measurements and leave out times", () => {
    const fields = new Map<string, string | number>([["status", "good"], ["battery", 4], ["lock.timestamp", "2026-01-15T12:00:00Z"], ["metrics.x", 1]]);
    expect(mainFields(fields, 2).map(([field]) => field)).toEqual(["metrics.x", "battery"]);
    expect(mainFields(fields, 9)).toHaveLength(3);
  });
});
