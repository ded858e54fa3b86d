import { describe, expect, it } from "vitest";

import type { LatestDevice } from "../api";
import type { LiveEvent, ReadingEvent } from "../live";
import { Formats } from "../i18n/i18n";
import { Rate, healthOf } from "./fleet";
import { FleetStore } from "./store";
import { fleetWords } from "./text";
import { labelOf, labelsOf, textOf, toShow } from "./values";

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

function reading(device: string, payload: unknown, at = "2026-01-15T12:01:00Z"): LiveEvent {
  return { type: "reading", reading: { id: 1, device_id: device, received_at: at, device_timestamp: null, simulated: false, payload } };
}

function storeOf(...latest: LatestDevice[]): FleetStore {
  const store = new FleetStore();
  store.load(latest);
  return store;
}

describe("fleet", () => {
  it("takes what was measured, and when, from the last values", () => {
    const device = storeOf(mast).get("a");
    expect(device?.fields).toEqual(new Map([["metrics.temperature_c", 18.5]]));
    expect(device?.heard).toBe(noon);
  });

  it("follows readings, and leaves the others as they are", () => {
    const store = storeOf(mast, { ...mast, device_id: "b" });
    const other = store.get("b");
    const { shape } = store;
    store.take([reading("a", { metrics: { temperature_c: 20, list: [1] }, ok: true }), reading("unknown", {})], noon);
    expect(store.get("a")?.fields).toEqual(new Map<string, unknown>([["metrics.temperature_c", 20], ["metrics.list[0]", 1], ["ok", true]]));
    expect(store.get("a")?.heard).toBe(noon + 60_000);
    expect(store.get("b")).toBe(other);
    expect([store.size, store.shape]).toEqual([2, shape]);
    store.take([reading("a", {}, "2026-01-15T11:58:00Z")], noon);
    expect(store.get("a")?.heard).toBe(noon + 60_000);
    expect(store.rate.of(noon)).toBe(0.3);
  });

  it("follows a server whose clock was set back", () => {
    const store = storeOf(mast);
    store.take([reading("a", {}, "2026-01-15T11:00:00Z")], noon);
    expect(store.get("a")?.heard).toBe(noon - 3_600_000);
  });

  it("tells when a device was heard, whatever its own clock says", () => {
    expect(storeOf({ ...mast, last_reading_at: "2026-01-15T12:10:00Z" }).get("a")?.heard).toBe(noon + 600_000);
    expect(storeOf({ ...mast, last_reading_at: null }).get("a")?.heard).toBeUndefined();
  });

  it("lets no reading that came late stand for what is", () => {
    const store = storeOf(mast);
    const late = (reading("a", { metrics: { temperature_c: 99, humidity_pct: 40 } }) as ReadingEvent).reading;
    store.take([{ type: "reading", reading: { ...late, device_timestamp: "2026-01-15T11:59:59Z" } }], noon);
    expect(store.get("a")?.fields).toEqual(new Map([["metrics.temperature_c", 18.5], ["metrics.humidity_pct", 40]]));
    expect(store.get("a")?.heard).toBe(noon + 60_000);
    store.take([{ type: "reading", reading: { ...late, device_timestamp: "1970-01-01T00:00:00Z" } }], noon);
    expect(store.get("a")?.fields.get("metrics.temperature_c")).toBe(99);
    const hourBefore = { ...late, device_timestamp: null, received_at: new Date(noon - 3_600_000).toISOString() };
    store.take([{ type: "reading", reading: { ...hourBefore, payload: { metrics: { temperature_c: 7 } } } }], noon);
    expect(store.get("a")?.fields.get("metrics.temperature_c"), "the server's clock was set back").toBe(7);
  });

  it("follows devices that come, change and go", () => {
    const store = storeOf();
    store.take([{ type: "device", change: "created", device_id: "n", name: "New", category: "ip_camera", status: "active" }], noon);
    expect(store.get("n")).toMatchObject({ name: "New", heard: undefined });
    const { shape } = store;
    store.take([{ type: "device", change: "updated", device_id: "n", name: "New", category: "ip_camera", status: "blocked" }], noon);
    expect(healthOf(store.get("n")!, noon)).toBe("blocked");
    expect(store.shape).toBeGreaterThan(shape);
    store.take([{ type: "device", change: "deleted", device_id: "n" }], noon);
    expect(store.size).toBe(0);
  });

  it("puts what happens while it is fetched on top", () => {
    const store = storeOf(mast);
    store.beginLoading();
    store.take([reading("a", { metrics: { temperature_c: 21 } }), { type: "device", change: "deleted", device_id: "b" }], noon);
    store.load([mast, { ...mast, device_id: "b" }]);
    expect(store.get("a")?.fields.get("metrics.temperature_c")).toBe(21);
    expect(store.get("b")).toBeUndefined();
  });

  it("learns what was said before, without counting it", () => {
    const store = storeOf(mast);
    const said = reading("a", { metrics: { temperature_c: 7 } });
    store.learn(said as ReadingEvent);
    expect(store.get("a")?.fields.get("metrics.temperature_c")).toBe(7);
    expect(store.rate.of(noon)).toBe(0);
  });

  it("tells who watches, once for many events", () => {
    const store = storeOf(mast);
    let told = 0;
    const end = store.watch(() => (told += 1));
    store.take([reading("a", {}), reading("a", {})], noon);
    end();
    store.take([reading("a", {})], noon);
    expect(told).toBe(1);
  });

  it("calls silent what says nothing for three intervals", () => {
    const device = storeOf(mast).get("a")!;
    expect(healthOf(device, noon + 135_000)).toBe("ok");
    expect(healthOf(device, noon + 135_001)).toBe("silent");
    expect(healthOf({ ...device, heard: undefined }, noon)).toBe("never");
  });

  it("calls silent a device that was told to speak seldom when its own interval says so", () => {
    const store = storeOf({ ...mast, expected_interval_seconds: 600 });
    expect(healthOf(store.get("a")!, noon + 1_800_000)).toBe("ok");
    expect(healthOf(store.get("a")!, noon + 1_800_001)).toBe("silent");
    const told = { type: "device", change: "updated", device_id: "a", name: "Mast", category: "weather_station", status: "active" } as const;
    store.take([{ ...told, expected_interval_seconds: 45 }], noon);
    expect(healthOf(store.get("a")!, noon + 1_800_000)).toBe("silent");
    store.take([{ ...told, expected_interval_seconds: 3600 }, reading("a", {}), told], noon);
    expect(healthOf(store.get("a")!, noon + 60_000 + 10_800_000)).toBe("ok");
    expect(store.get("a")).toMatchObject({ heard: noon + 60_000, fields: new Map([["metrics.temperature_c", 18.5]]) });
  });

  it("takes nothing that was made up for a reading of a device that exists", () => {
    const store = storeOf({ ...mast, never_heard: true, last_reading_at: null });
    expect(store.get("a")).toMatchObject({ heard: undefined, fields: new Map() });
    const made = reading("a", { t: 1 }) as ReadingEvent;
    const { shape } = store;
    store.take([{ ...made, reading: { ...made.reading, simulated: true } }], noon);
    expect(healthOf(store.get("a")!, noon)).toBe("never");
    expect(store.shape).toBe(shape);
    store.take([reading("a", { t: 2 })], noon);
    expect(store.get("a")?.fields).toEqual(new Map([["t", 2]]));
  });

  it("forgets what was made up of a device once it is heard itself", () => {
    const simulated = { ...mast, simulated: true };
    const store = storeOf(simulated, { ...simulated, device_id: "b" }, { ...simulated, device_id: "c" });
    const made = reading("a", { t: 1 }) as ReadingEvent;
    store.take([{ ...made, reading: { ...made.reading, simulated: true } }], noon);
    expect(store.get("a")?.fields.get("t")).toBe(1);
    store.take([{ type: "device", change: "updated", device_id: "a", name: "Mast", category: "weather_station", status: "active", simulated: false }], noon);
    expect(store.get("a")).toMatchObject({ simulated: false, heard: undefined, fields: new Map() });
    store.take([reading("b", { t: 2 })], noon);
    expect(store.get("b")).toMatchObject({ simulated: false, fields: new Map([["t", 2]]) });
    store.take([{ type: "backfill", device_id: "c", count: 1, received_at: "2026-01-15T11:00:00Z" }], noon);
    expect(store.get("c")).toMatchObject({ simulated: false, fields: new Map(), heard: noon - 3_600_000 });
  });

  it("knows of no device how it does while nothing is heard, but for those that are blocked", () => {
    const device = storeOf(mast).get("a")!;
    expect(healthOf(device, noon + 600_000, noon + 60_000)).toBe("unknown");
    expect(healthOf({ ...device, heard: undefined }, noon, noon)).toBe("unknown");
    expect(healthOf({ ...device, status: "blocked" }, noon + 600_000, noon + 60_000)).toBe("blocked");
    expect(healthOf(device, noon + 60_000)).toBe("ok");
  });

  it("counts the readings of the last seconds", () => {
    const rate = new Rate(10_000);
    rate.add(0, 30);
    rate.add(5000, 20);
    expect(rate.of(9999)).toBe(5);
    expect(rate.of(10_000)).toBe(2);
    expect(rate.of(60_000)).toBe(0);
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

  it("have labels that say where they are, and collide with no other", () => {
    const labels = (...fields: string[]) => [...labelsOf(fields, en).values()];
    expect(labels("battery.temperature", "indoor.temperature", "metrics.temperature_c")).toEqual(["battery temperature", "indoor temperature", "temperature"]);
    expect(labels("temperature_c", "metrics.temperature_c", "metrics.Temperature")).toEqual(["temperature_c", "metrics.temperature_c", "metrics.Temperature"]);
    expect(labels("x_mm", "x_c", "a.b_c", "a_b.c")).toEqual(["x_mm", "x_c", "a b", "a b c"]);
    expect(labels("\\e", "_", "metrics")).toEqual(['""', '"_"', "metrics"]);
    expect(labels("\\e", "metrics.\\e")).toEqual(["\\e", "metrics.\\e"]);
    expect(labels("metrics.gps[0]", "rooms[2].air_temperature_c", "volts_mm[1]", "x\\,y")).toEqual(["gps[0]", "rooms[2] air temperature", "volts[1]", "x,y"]);
    expect(labels("a.b", "a_b", "a\\.b")).toEqual(["a.b", "a_b", "a\\.b"]);
    // Whatever a device calls them.
    expect(labels("constructor", "toString", "__proto__.x", "last.valueOf")).toEqual(["constructor", "toString", "proto   x", "last valueOf"]);
    expect(textOf("a.constructor", 1, en, english)).toBe("1");
  });

  it("are shown as precisely as they were measured", () => {
    const shown = (value: number) => textOf("x", value, en, english);
    expect([1e-12, 1e308, -1.5e-7, 0.000123456, 0.123456789, 1013.25, 1234567.891, 12345678901, 18.399999618530273, 0].map(shown)).toEqual([
      "1E-12", "1E308", "-1.5E-7", "0.000123456", "0.123457", "1,013.25", "1,234,567.891", "12,345,678,901", "18.4", "0",
    ]);
    expect([12.3456, 1013.256, 123456.78, 1.23456e-10].map((each) => english.measured(each, 4, 1))).toEqual(["12.35", "1,013.3", "123,456.8", "1.235E-10"]);
  });

  it("begin with measurements, and leave out times", () => {
    const fields = new Map<string, string | number>([["status", "good"], ["battery", 4], ["lock.timestamp", "2026-01-15T12:00:00Z"], ["metrics.x", 1]]);
    expect(toShow(fields, 2).map(([field]) => field)).toEqual(["metrics.x", "battery"]);
    expect(toShow(fields, 9)).toHaveLength(3);
  });
});
