import type { LatestDevice } from "../api";
import type { BackfillEvent, DeviceEvent, ReadingEvent } from "../live";
import { elementOf, memberOf, mostOfArray } from "./field-name";

export type Value = number | string | boolean | null;
export type Device = {
  id: string;
  name: string;
  category: string;
  status: string;
  /** The simulator speaks for it: until it signs in itself. */
  simulated: boolean;
  fields: ReadonlyMap<string, Value>;
  /** When each of them was measured, in milliseconds since 1970. */
  measured?: ReadonlyMap<string, number>;
  /** How often it is to speak, in seconds, as its category and its policies have it. */
  interval: number;
  /** Milliseconds since 1970; undefined: never heard. What was made up counts for a simulated device alone. */
  heard: number | undefined;
};
export type Health = "ok" | "silent" | "never" | "blocked";

/** Members of a payload that say how it came about, not what was measured. */
const about = new Set(["__simulated__", "category", "timestamp"]);

export function deviceOf(latest: LatestDevice): Device {
  const heard = latest.last_reading_at === null ? undefined : Date.parse(latest.last_reading_at);
  const fields = new Map<string, Value>();
  const measured = new Map<string, number>();
  // The samples of a device that was never heard say nothing of it.
  for (const { field, value, measured_at } of latest.never_heard ? [] : latest.fields) {
    const at = Date.parse(measured_at);
    if (about.has(field)) continue;
    fields.set(field, value as Value);
    measured.set(field, at);
  }
  return { id: latest.device_id, name: latest.name, category: latest.category, status: latest.status, simulated: latest.simulated, interval: latest.expected_interval_seconds, fields, measured, heard };
}

/** How far ahead of its arrival a reading may be measured, in milliseconds: beyond it somebody's clock is wrong. */
const mostAhead = 300_000;

/** When a reading was measured: by the device's clock, unless what that says can't be, as the server has it. */
export function measuredAt({ device_timestamp, received_at }: Pick<ReadingEvent["reading"], "device_timestamp" | "received_at">): number {
  const received = Date.parse(received_at);
  const own = device_timestamp === null ? received : Date.parse(device_timestamp);
  return own < Date.UTC(2000, 0, 1) || own > received + mostAhead ? received : own;
}

/** Every scalar of a payload by its name (`metrics.temperature_c`), as the server names fields. */
export function flatten(payload: unknown, into: Map<string, Value>): void {
  // `left`: how many more values within the array around have names.
  const visit = (value: unknown, name: string, left: { count: number } | undefined) => {
    const isLeaf = typeof value !== "object" || value === null;
    if (isLeaf || Object.keys(value).length === 0) {
      if (isLeaf && name !== "" && !about.has(name) && (left === undefined || left.count > 0)) into.set(name, value as Value);
      if (left !== undefined) left.count -= 1;
    } else if (Array.isArray(value)) {
      const within = left ?? { count: mostOfArray };
      for (let n = 0; n < value.length && within.count > 0; ++n) visit(value[n], elementOf(name, n), within);
    } else {
      for (const [key, member] of Object.entries(value)) visit(member, memberOf(name, key), left);
    }
  };
  visit(payload, "", undefined);
}

/** When it was heard last, now that it was heard at `received`. A time far beyond is from before the server's clock was set back. */
const heardBy = (before: number | undefined, received: number): number => (before !== undefined && before > received && before <= received + mostAhead ? before : received);

/** A device that was simulated, and signed in itself: nothing that was made up is known of it. */
const cameToLife = (device: Device): Device => ({ ...device, simulated: false, fields: new Map(), measured: new Map(), heard: undefined });

/** The device after this event; undefined where it is gone, or was never known. */
export function changedBy(known: Device | undefined, event: ReadingEvent | BackfillEvent | DeviceEvent): Device | undefined {
  if (event.type === "backfill") {
    const before = known?.simulated === true ? cameToLife(known) : known;
    return before && { ...before, heard: heardBy(before.heard, Date.parse(event.received_at)) };
  }
  if (event.type === "reading") {
    const { simulated, payload, received_at } = event.reading;
    if (known === undefined || (simulated && !known.simulated)) return known;
    const before = simulated === known.simulated ? known : cameToLife(known);
    const said = new Map<string, Value>();
    flatten(payload, said);
    const fields = new Map(before.fields);
    const measured = new Map(before.measured);
    const at = measuredAt(event.reading);
    const latest = Date.parse(received_at) + mostAhead;
    for (const [field, value] of said) {
      const last = measured.get(field);
      // It came late: a newer value is known. One of times to come is from before the server's clock was set back.
      if (last !== undefined && at < last && last <= latest) continue;
      fields.set(field, value);
      measured.set(field, at);
    }
    return { ...before, fields, measured, heard: heardBy(before.heard, Date.parse(received_at)) };
  }
  if (event.change === "deleted") return undefined;
  const simulated = event.simulated ?? known?.simulated ?? false;
  if (known?.simulated === true && !simulated) known = cameToLife(known);
  return {
    id: event.device_id,
    name: event.name ?? known?.name ?? "",
    category: event.category ?? known?.category ?? "",
    status: event.status ?? known?.status ?? "active",
    simulated,
    interval: event.expected_interval_seconds ?? known?.interval ?? 60,
    fields: known?.fields ?? new Map(),
    ...(known?.measured !== undefined && { measured: known.measured }),
    heard: known?.heard,
  };
}

/** After how many milliseconds without a reading a device is silent: three times as long as it may take for one. */
export const silenceOf = ({ interval }: Pick<Device, "interval">): number => 3000 * interval;

/**
 * How a device is doing. `unknownSince`: nothing was heard of any device since then, because the connection is lost, so that nobody
 * knows whether it speaks; that it is blocked was decided by people, and stays. Without it: how it was at that moment.
 */
export function healthOf(device: Device, now: number): Health;
export function healthOf(device: Device, now: number, unknownSince: number | undefined): Health | "unknown";
export function healthOf(device: Device, now: number, unknownSince?: number): Health | "unknown" {
  if (device.status === "blocked") return "blocked";
  if (unknownSince !== undefined) return "unknown";
  if (device.heard === undefined) return "never";
  return now - device.heard > silenceOf(device) ? "silent" : "ok";
}

/** How many readings came in the last seconds, for a rate. */
export class Rate {
  private readonly counts: { at: number; count: number }[] = [];
  constructor(private readonly window = 10_000) {}
  add(at: number, count: number): void {
    this.counts.push({ at, count });
    this.forget(at);
  }
  /** A second. */
  of(now: number): number {
    this.forget(now);
    return this.counts.reduce((sum, each) => sum + each.count, 0) / (this.window / 1000);
  }
  private forget(now: number): void {
    while (this.counts[0] !== undefined && this.counts[0].at <= now - this.window) this.counts.shift();
  }
}
