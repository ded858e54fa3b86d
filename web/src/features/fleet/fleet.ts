import type { Category, LatestDevice } from "../../lib/api";
import type { LiveEvent } from "../../lib/live";

export type Value = number | string | boolean | null;
export type Device = {
  id: string;
  name: string;
  category: string;
  status: string;
  fields: ReadonlyMap<string, Value>;
  /** Milliseconds since 1970; undefined: never heard. */
  heard: number | undefined;
};
export type Fleet = ReadonlyMap<string, Device>;
export type Health = "ok" | "silent" | "blocked";

/** Members of a payload that say how it came about, not what was measured. */
const about = new Set(["__simulated__", "category", "timestamp"]);

export function fleetOf(devices: readonly LatestDevice[]): Fleet {
  return new Map(
    devices.map((each) => {
      const times = each.fields.map((field) => Date.parse(field.measured_at));
      return [
        each.device_id,
        {
          id: each.device_id,
          name: each.name,
          category: each.category,
          status: each.status,
          fields: new Map(each.fields.filter((field) => !about.has(field.field)).map((field) => [field.field, field.value as Value])),
          heard: times.length === 0 ? undefined : Math.max(...times),
        },
      ];
    }),
  );
}

function flatten(payload: unknown, way: string, into: Map<string, Value>): void {
  if (typeof payload !== "object" || payload === null) {
    if (way !== "" && !about.has(way)) into.set(way, payload as Value);
    return;
  }
  if (Array.isArray(payload)) return;
  for (const [name, value] of Object.entries(payload)) flatten(value, way === "" ? name : `${way}.${name}`, into);
}

/** The fleet after these events; the same object where they change nothing that is known. */
export function after(fleet: Fleet, events: readonly LiveEvent[]): Fleet {
  const next = new Map(fleet);
  let changed = false;
  for (const event of events) {
    if (event.type === "reading") {
      const known = next.get(event.reading.device_id);
      if (known === undefined) continue;
      const fields = new Map(known.fields);
      flatten(event.reading.payload, "", fields);
      next.set(known.id, { ...known, fields, heard: Math.max(known.heard ?? 0, Date.parse(event.reading.received_at)) });
      changed = true;
    } else if (event.type === "device") {
      const known = next.get(event.device_id);
      changed = true;
      if (event.change === "deleted") next.delete(event.device_id);
      else
        next.set(event.device_id, {
          id: event.device_id,
          name: event.name ?? known?.name ?? "",
          category: event.category ?? known?.category ?? "",
          status: event.status ?? known?.status ?? "active",
          fields: known?.fields ?? new Map(),
          heard: known?.heard,
        });
    }
  }
  return changed ? next : fleet;
}

/** Silent: nothing was heard for three times the longest interval of its category. */
export function healthOf(device: Device, categories: readonly Category[], now: number): Health {
  if (device.status === "blocked") return "blocked";
  const longest = categories.find((each) => each.slug === device.category)?.interval_seconds[1] ?? 60;
  return device.heard === undefined || now - device.heard > 3 * longest * 1000 ? "silent" : "ok";
}

export type Filter = { text: string; category: string | null; health: Health | null };

export function shown(fleet: Fleet, filter: Filter, health: (device: Device) => Health): Device[] {
  const text = filter.text.trim().toLowerCase();
  return [...fleet.values()]
    .filter(
      (each) =>
        (filter.category === null || each.category === filter.category) &&
        (filter.health === null || health(each) === filter.health) &&
        (text === "" || each.name.toLowerCase().includes(text) || each.id.startsWith(text)),
    )
    .sort((a, b) => a.name.localeCompare(b.name) || a.id.localeCompare(b.id));
}

/** How many readings came in the last seconds, for a rate. */
export class Rate {
  private readonly counts: { at: number; count: number }[] = [];
  constructor(private readonly window = 10_000) {}
  add(at: number, count: number): void {
    this.counts.push({ at, count });
  }
  /** A second. */
  of(now: number): number {
    while (this.counts[0] !== undefined && this.counts[0].at <= now - this.window) this.counts.shift();
    return this.counts.reduce((sum, each) => sum + each.count, 0) / (this.window / 1000);
  }
}
