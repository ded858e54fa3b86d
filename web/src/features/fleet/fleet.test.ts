import { describe, expect, it } from "vitest";

import type { Category, LatestDevice } from "../../lib/api";
import type { LiveEvent } from "../../lib/live";
import { Rate, after, fleetOf, healthOf, shown } from "./fleet";
import { labelOf, textOf, toShow } from "./values";

const noon = Date.parse("2026-01-15T12:00:00Z");
const mast: LatestDevice = {
  device_id: "a",
  name: "Mast",
  category: "weather_station",
  status: "active",
  fields: [
    { field: "metrics.temperature_c", value: 18.5, measured_at: "2026-01-15T12:00:00Z" },
    { field: "timestamp", value: "2026-01-15T12:00:00Z", measured_at: "2026-01-15T12:00:00Z" },
  ],
};
const categories = [{ slug: "weather_station", name: "Weather station", interval_seconds: [15, 45] }] as unknown as Category[];

function reading(device: string, payload: unknown, at = "2026-01-15T12:01:00Z"): LiveEvent {
  return { type: "reading", reading: { id: 1, device_id: device, received_at: at, device_timestamp: null, simulated: false, payload } };
}

describe("fleet", () => {
  it("takes what was measured, and when, from the last values", () => {
    const device = fleetOf([mast]).get("a");
    expect(device?.fields).toEqual(new Map([["metrics.temperature_c", 18.5]]));
    expect(device?.heard).toBe(noon);
  });

  it("follows readings, and leaves the others as they are", () => {
    const fleet = fleetOf([mast, { ...mast, device_id: "b" }]);
    const next = after(fleet, [reading("a", { metrics: { temperature_c: 20, list: [1] }, ok: true })]);
    expect(next.get("a")?.fields).toEqual(new Map<string, unknown>([["metrics.temperature_c", 20], ["ok", true]]));
    expect(next.get("a")?.heard).toBe(noon + 60_000);
    expect(next.get("b")).toBe(fleet.get("b"));
    expect(after(fleet, [reading("unknown", {})])).toBe(fleet);
    expect(after(next, [reading("a", {}, "2026-01-15T11:00:00Z")]).get("a")?.heard).toBe(noon + 60_000);
  });

  it("follows devices that come, change and go", () => {
    const made = after(new Map(), [{ type: "device", change: "created", device_id: "n", name: "New", category: "ip_camera", status: "active" }]);
    expect(made.get("n")).toMatchObject({ name: "New", heard: undefined });
    const blocked = after(made, [{ type: "device", change: "updated", device_id: "n", name: "New", category: "ip_camera", status: "blocked" }]);
    expect(healthOf(blocked.get("n")!, categories, noon)).toBe("blocked");
    expect(after(blocked, [{ type: "device", change: "deleted", device_id: "n" }]).size).toBe(0);
  });

  it("calls silent what says nothing for three intervals", () => {
    const device = fleetOf([mast]).get("a")!;
    expect(healthOf(device, categories, noon + 135_000)).toBe("ok");
    expect(healthOf(device, categories, noon + 135_001)).toBe("silent");
    expect(healthOf({ ...device, heard: undefined }, categories, noon)).toBe("silent");
  });

  it("shows what fits, by name", () => {
    const fleet = fleetOf([{ ...mast, device_id: "2", name: "beta" }, { ...mast, device_id: "1", name: "Alpha" }, { ...mast, device_id: "3", name: "Gamma", category: "ip_camera" }]);
    const names = (filter: Partial<Parameters<typeof shown>[1]>) =>
      shown(fleet, { text: "", category: null, health: null, ...filter }, () => "ok").map((each) => each.name);
    expect(names({})).toEqual(["Alpha", "beta", "Gamma"]);
    expect(names({ text: " BET" })).toEqual(["beta"]);
    expect(names({ text: "3" })).toEqual(["Gamma"]);
    expect(names({ category: "ip_camera" })).toEqual(["Gamma"]);
    expect(names({ health: "silent" })).toEqual([]);
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
  it("are shown with their units", () => {
    expect([labelOf("metrics.temperature_c"), textOf("metrics.temperature_c", 18.40001)]).toEqual(["temperature", "18.4 °C"]);
    expect([labelOf("c"), textOf("c", 1)]).toEqual(["c", "1"]);
    expect(textOf("jam_detected", false)).toBe("no");
    expect(textOf("note", null)).toBe("null");
  });

  it("begin with measurements, and leave out times", () => {
    const fields = new Map<string, string | number>([["status", "good"], ["battery", 4], ["lock.timestamp", "2026-01-15T12:00:00Z"], ["metrics.x", 1]]);
    expect(toShow(fields, 2).map(([field]) => field)).toEqual(["metrics.x", "battery"]);
    expect(toShow(fields, 9)).toHaveLength(3);
  });
});
