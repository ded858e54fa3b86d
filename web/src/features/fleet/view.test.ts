import { describe, expect, it } from "vitest";

import type { Device } from "@/lib/fleet/fleet";
import { type Column, idsBetween, countsOf, everything, fits, sortedByName, sorted } from "./view";

const now = 1_000_000;
const device = (id: string, name: string, more: Partial<Device> = {}): Device => ({ id, name, category: "ip_camera", status: "active", simulated: false, interval: 60, fields: new Map(), lastReadingAt: now, ...more });
const fleet = sortedByName([
  device("1", "Pump 10"),
  device("2", "pump 9", { category: "air_quality", lastReadingAt: now - 1000 }),
  device("3", "Alpha", { status: "blocked", lastReadingAt: undefined }),
  device("4", "Lake", { lastReadingAt: 0 }),
]);
const ids = (devices: readonly Device[]) => devices.map((item) => item.id).join("");

describe("the list of devices", () => {
  it("is sorted by name, with numbers in numeric order", () => {
    expect(ids(fleet)).toBe("3421");
  });

  it("sorts by other columns, then by name", () => {
    const by = (column: Column, descending = false) => ids(sorted(fleet, { by: column, descending }, now, (slug) => (slug === "air_quality" ? "Z" : "A")));
    expect(by("name", true)).toBe("1243");
    expect(by("category")).toBe("3412");
    expect(by("category", true)).toBe("2341");
    expect(by("state")).toBe("4321");
    expect(by("heard")).toBe("1234");
    expect(by("heard", true)).toBe("3421");
  });

  it("shows the devices that match the filter", () => {
    const shown = (filter: Partial<typeof everything>) => ids(fleet.filter((item) => fits(item, { ...everything, ...filter }, now)));
    expect(shown({})).toBe("3421");
    expect(shown({ text: " PUMP" })).toBe("21");
    expect(shown({ text: "4" })).toBe("4");
    expect(shown({ text: "PÜMP" })).toBe("21");
    expect(fits(device("5", "Żółta śluza"), { ...everything, text: "zolta sluza" }, now)).toBe(true);
    expect(shown({ category: "air_quality" })).toBe("2");
    expect(shown({ health: "silent" })).toBe("4");
    expect(shown({ health: "blocked" })).toBe("3");
  });

  it("counts devices by state and category", () => {
    const { health, categories } = countsOf(fleet, now);
    expect(health).toEqual({ ok: 2, silent: 1, never: 0, blocked: 1 });
    expect(Object.fromEntries(categories)).toEqual({ ip_camera: 3, air_quality: 1 });
  });

  it("selects a range in both directions", () => {
    expect([idsBetween(fleet, 1, 2), idsBetween(fleet, 2, 0)]).toEqual([["4", "2"], ["3", "4", "2"]]);
  });
});
