import { describe, expect, it } from "vitest";

import type { Device } from "../../lib/fleet/fleet";
import { type Column, between, countsOf, everything, fits, named, ordered } from "./view";

const now = 1_000_000;
const device = (id: string, name: string, more: Partial<Device> = {}): Device => ({ id, name, category: "ip_camera", status: "active", simulated: false, interval: 60, fields: new Map(), heard: now, ...more });
const fleet = named([
  device("1", "Pump 10"),
  device("2", "pump 9", { category: "air_quality", heard: now - 1000 }),
  device("3", "Alpha", { status: "blocked", heard: undefined }),
  device("4", "Lake", { heard: 0 }),
]);
const ids = (devices: readonly Device[]) => devices.map((each) => each.id).join("");

describe("the list of devices", () => {
  it("is in the order of names, as people count", () => {
    expect(ids(fleet)).toBe("3421");
  });

  it("has other orders, by name among equals", () => {
    const by = (column: Column, down = false) => ids(ordered(fleet, { by: column, down }, now, (slug) => (slug === "air_quality" ? "Z" : "A")));
    expect(by("name", true)).toBe("1243");
    expect(by("category")).toBe("3412");
    expect(by("category", true)).toBe("2341");
    expect(by("state")).toBe("4321");
    expect(by("heard")).toBe("1234");
    expect(by("heard", true)).toBe("3421");
  });

  it("shows what fits", () => {
    const shown = (filter: Partial<typeof everything>) => ids(fleet.filter((each) => fits(each, { ...everything, ...filter }, now)));
    expect(shown({})).toBe("3421");
    expect(shown({ text: " PUMP" })).toBe("21");
    expect(shown({ text: "4" })).toBe("4");
    expect(shown({ text: "PÜMP" })).toBe("21");
    expect(fits(device("5", "Żółta śluza"), { ...everything, text: "zolta sluza" }, now)).toBe(true);
    expect(shown({ category: "air_quality" })).toBe("2");
    expect(shown({ health: "silent" })).toBe("4");
    expect(shown({ health: "blocked" })).toBe("3");
  });

  it("counts by state and category", () => {
    const { health, categories } = countsOf(fleet, now);
    expect(health).toEqual({ ok: 2, silent: 1, never: 0, blocked: 1 });
    expect(Object.fromEntries(categories)).toEqual({ ip_camera: 3, air_quality: 1 });
  });

  it("selects from one place to another, both ways", () => {
    expect([between(fleet, 1, 2), between(fleet, 2, 0)]).toEqual([["4", "2"], ["3", "4", "2"]]);
  });
});
