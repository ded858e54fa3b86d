import type { QueryCodec } from "@/lib/address";
import { type Device, type Health, healthOf } from "@/lib/fleet/fleet";
import { folded, hasText, natural } from "@/lib/search";

export type Filter = { text: string; category: string | null; health: Health | null };
export const everything: Filter = { text: "", category: null, health: null };

/** The filter in the address. */
export const filterCodec: QueryCodec<Filter> = {
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
export type Order = { by: Column; descending: boolean };
const columns: readonly Column[] = ["name", "category", "state", "heard"];

/** The order in the address: `heard`, or `-heard` for descending order. */
export const orderCodec: QueryCodec<Order> = {
  names: ["sort"],
  read: (from) => {
    const [, minus, by] = /^(-?)(.*)$/.exec(from.get("sort") ?? "") ?? [];
    return { by: columns.find((column) => column === by) ?? "name", descending: minus === "-" };
  },
  write: ({ by, descending }, to) => {
    if (by !== "name" || descending) to.set("sort", `${descending ? "-" : ""}${by}`);
  },
};

const byName = (a: Device, b: Device) => natural.compare(a.name, b.name) || (a.id < b.id ? -1 : 1);
const urgency: Record<Health, number> = { silent: 0, never: 1, blocked: 2, ok: 3 };

/** Sorts by name ("Pump 9" before "Pump 10"). Slow with thousands of devices, so the other orders start from its result. */
export function sortedByName(devices: readonly Device[]): Device[] {
  return [...devices].sort(byName);
}

/** Sorts devices that are already in the order of names; equal ones keep it. `categoryName` returns the displayed name. */
export function sorted(byNameOrder: readonly Device[], order: Order, now: number, categoryName: (slug: string) => string): Device[] {
  const devices = [...byNameOrder];
  switch (order.by) {
    case "name":
      return order.descending ? devices.reverse() : devices;
    case "category": {
      const slugs = [...new Set(devices.map((device) => device.category))].sort((a, b) => natural.compare(categoryName(a), categoryName(b)));
      return sortedBy(devices, (device) => slugs.indexOf(device.category), order.descending);
    }
    case "state":
      return sortedBy(devices, (device) => urgency[healthOf(device, now)], order.descending);
    case "heard": // newest first; devices without a reading last
      return sortedBy(devices, (device) => -(device.lastReadingAt ?? 0), order.descending);
  }
}

function sortedBy(devices: Device[], rank: (device: Device) => number, descending: boolean): Device[] {
  const sign = descending ? -1 : 1;
  return devices
    .map((device) => ({ device, rank: rank(device) }))
    .sort((a, b) => sign * (a.rank - b.rank))
    .map((entry) => entry.device);
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
  for (const device of devices) {
    health[healthOf(device, now)] += 1;
    categories.set(device.category, (categories.get(device.category) ?? 0) + 1);
  }
  return { health, categories };
}

/** The ids between two positions of the list, in either order: the selection of a Shift click. */
export function idsBetween(devices: readonly { id: string }[], from: number, to: number): string[] {
  return devices.slice(Math.min(from, to), Math.max(from, to) + 1).map((device) => device.id);
}
