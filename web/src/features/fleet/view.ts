import type { Wording } from "../../lib/address";
import { type Device, type Health, healthOf } from "../../lib/fleet/fleet";
import { folded, hasText, natural } from "../../lib/search";

export type Filter = { text: string; category: string | null; health: Health | null };
export const everything: Filter = { text: "", category: null, health: null };

/** As the address has it. */
export const filterWording: Wording<Filter> = {
  names: ["q", "category", "state"],
  read: (from) => {
    const state = from.get("state");
    const filter = { text: from.get("q") ?? "", category: from.get("category"), health: state !== null && Object.hasOwn(urgency, state) ? (state as Health) : null };
    return isEverything(filter) ? everything : filter;
  },
  write: ({ text, category, health }, to) => {
    if (text !== "") to.set("q", text);
    if (category !== null) to.set("category", category);
    if (health !== null) to.set("state", health);
  },
};

export const isEverything = ({ text, category, health }: Filter): boolean => text === "" && category === null && health === null;

export type Column = "name" | "category" | "state" | "heard";
export type Order = { by: Column; down: boolean };
const columns: readonly Column[] = ["name", "category", "state", "heard"];

/** As the address has it: `heard`, or `-heard` for the other way round. */
export const orderWording: Wording<Order> = {
  names: ["sort"],
  read: (from) => {
    const [, minus, by] = /^(-?)(.*)$/.exec(from.get("sort") ?? "") ?? [];
    return { by: columns.find((each) => each === by) ?? "name", down: minus === "-" };
  },
  write: ({ by, down }, to) => {
    if (by !== "name" || down) to.set("sort", `${down ? "-" : ""}${by}`);
  },
};

const byName = (a: Device, b: Device) => natural.compare(a.name, b.name) || (a.id < b.id ? -1 : 1);
const urgency: Record<Health, number> = { silent: 0, never: 1, blocked: 2, ok: 3 };

/** By name ("Pump 9" before "Pump 10"). That takes long with thousands; the other orders go on from it. */
export function named(devices: readonly Device[]): Device[] {
  return [...devices].sort(byName);
}

/** Another order of what is in the order of names, which stays among equals. `categoryName` is what the reader sees. */
export function ordered(inOrder: readonly Device[], order: Order, now: number, categoryName: (slug: string) => string): Device[] {
  const devices = [...inOrder];
  switch (order.by) {
    case "name":
      return order.down ? devices.reverse() : devices;
    case "category": {
      const slugs = [...new Set(devices.map((each) => each.category))].sort((a, b) => natural.compare(categoryName(a), categoryName(b)));
      return sortedBy(devices, (each) => slugs.indexOf(each.category), order.down);
    }
    case "state":
      return sortedBy(devices, (each) => urgency[healthOf(each, now)], order.down);
    case "heard": // last heard first; never is longest ago
      return sortedBy(devices, (each) => -(each.heard ?? 0), order.down);
  }
}

function sortedBy(devices: Device[], rank: (device: Device) => number, down: boolean): Device[] {
  const sign = down ? -1 : 1;
  return devices
    .map((device) => ({ device, rank: rank(device) }))
    .sort((a, b) => sign * (a.rank - b.rank))
    .map((each) => each.device);
}

export function fits(device: Device, filter: Filter, now: number): boolean {
  const text = filter.text.trim();
  return (
    (filter.category === null || device.category === filter.category) &&
    (filter.health === null || healthOf(device, now) === filter.health) &&
    (text === "" || hasText(device.name, text) || device.id.startsWith(folded(text)))
  );
}

export type Counts = { health: Record<Health, number>; categories: ReadonlyMap<string, number> };

export function countsOf(devices: Iterable<Device>, now: number): Counts {
  const health: Record<Health, number> = { ok: 0, silent: 0, never: 0, blocked: 0 };
  const categories = new Map<string, number>();
  for (const each of devices) {
    health[healthOf(each, now)] += 1;
    categories.set(each.category, (categories.get(each.category) ?? 0) + 1);
  }
  return { health, categories };
}

/** The ids from one place of the list to another, whichever comes first: what a click with Shift selects. */
export function between(devices: readonly { id: string }[], from: number, to: number): string[] {
  return devices.slice(Math.min(from, to), Math.max(from, to) + 1).map((each) => each.id);
}
