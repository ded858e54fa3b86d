import type { LatestDevice } from "../api";
import type { BackfillEvent, DeviceEvent, ReadingEvent } from "../live";
import { elementOf, memberOf, maxArrayValues } from "./field-name";

export type Value = number | string | boolean | null;
export type Device = {
  id: string;
  name: string;
  category: string;
  status: string;
  /** The server simulates its readings, until the device signs in. */
  simulated: boolean;
  fields: ReadonlyMap<string, Value>;
  /** When each field was measured, in milliseconds since 1970. */
  measured?: ReadonlyMap<string, number>;
  /** The expected interval between readings in seconds, by category and policy. */
  interval: number;
  /** Reception of the last reading, in milliseconds since 1970; undefined if none. Simulated readings count for simulated devices only. */
  lastReadingAt: number | undefined;
};
export type Health = "ok" | "silent" | "never" | "blocked";

/** Members of a payload that are metadata, not measurements. */
const metadataFields = new Set(["__simulated__", "category", "timestamp"]);

export function deviceOf(latest: LatestDevice): Device {
  const lastReadingAt = latest.last_reading_at === null ? undefined : Date.parse(latest.last_reading_at);
  const fields = new Map<string, Value>();
  const measured = new Map<string, number>();
  // A device that never sent has sample values only.
  for (const { field, value, measured_at } of latest.never_heard ? [] : latest.fields) {
    const at = Date.parse(measured_at);
    if (metadataFields.has(field)) continue;
    fields.set(field, value);
    measured.set(field, at);
  }
  return { id: latest.device_id, name: latest.name, category: latest.category, status: latest.status, simulated: latest.simulated, interval: latest.expected_interval_seconds, fields, measured, lastReadingAt };
}

/** A reading's timestamp may be this far ahead of its reception, in milliseconds. Beyond that, a clock is wrong. */
const maxClockAhead = 300_000;

/** When a reading was measured: the device's timestamp if plausible, otherwise the time of reception. The server has the same rule. */
export function measuredAt({ device_timestamp, received_at }: Pick<ReadingEvent["reading"], "device_timestamp" | "received_at">): number {
  const received = Date.parse(received_at);
  const measured = device_timestamp === null ? received : Date.parse(device_timestamp);
  return measured < Date.UTC(2000, 0, 1) || measured > received + maxClockAhead ? received : measured;
}

/** Collects every scalar of a payload by its field name (`metrics.temperature_c`), as the server does. */
export function flatten(payload: unknown, fields: Map<string, Value>): void {
  // `remaining`: how many more values within the enclosing array get names.
  const visit = (value: unknown, name: string, remaining: { count: number } | undefined) => {
    const isLeaf = typeof value !== "object" || value === null;
    if (isLeaf || Object.keys(value).length === 0) {
      if (isLeaf && name !== "" && !metadataFields.has(name) && (remaining === undefined || remaining.count > 0)) fields.set(name, value as Value);
      if (remaining !== undefined) remaining.count -= 1;
    } else if (Array.isArray(value)) {
      const arrayRemaining = remaining ?? { count: maxArrayValues };
      for (let n = 0; n < value.length && arrayRemaining.count > 0; ++n) visit(value[n], elementOf(name, n), arrayRemaining);
    } else {
      for (const [key, member] of Object.entries(value)) visit(member, memberOf(name, key), remaining);
    }
  };
  visit(payload, "", undefined);
}

/** The later of both times. A previous time far ahead is from before the server's clock was set back and is dropped. */
const laterReadingAt = (previous: number | undefined, received: number): number => (previous !== undefined && previous > received && previous <= received + maxClockAhead ? previous : received);

/** The device without its simulated data, after it signed in itself. */
const withoutSimulatedData = (device: Device): Device => ({ ...device, simulated: false, fields: new Map(), measured: new Map(), lastReadingAt: undefined });

/** The device after the event; undefined if it was deleted or is unknown. */
export function deviceAfter(device: Device | undefined, event: ReadingEvent | BackfillEvent | DeviceEvent): Device | undefined {
  if (event.type === "backfill") {
    const previous = device?.simulated === true ? withoutSimulatedData(device) : device;
    return previous && { ...previous, lastReadingAt: laterReadingAt(previous.lastReadingAt, Date.parse(event.received_at)) };
  }
  if (event.type === "reading") {
    const { simulated, payload, received_at } = event.reading;
    if (device === undefined || (simulated && !device.simulated)) return device;
    const previous = simulated === device.simulated ? device : withoutSimulatedData(device);
    const values = new Map<string, Value>();
    flatten(payload, values);
    const fields = new Map(previous.fields);
    const measured = new Map(previous.measured);
    const at = measuredAt(event.reading);
    const latest = Date.parse(received_at) + maxClockAhead;
    for (const [field, value] of values) {
      const last = measured.get(field);
      // A late reading doesn't replace a newer value. A value from the future is from before the server's clock was set back.
      if (last !== undefined && at < last && last <= latest) continue;
      fields.set(field, value);
      measured.set(field, at);
    }
    return { ...previous, fields, measured, lastReadingAt: laterReadingAt(previous.lastReadingAt, Date.parse(received_at)) };
  }
  if (event.change === "deleted") return undefined;
  if (device?.simulated === true && !event.simulated) device = withoutSimulatedData(device);
  return {
    id: event.device_id,
    name: event.name,
    category: event.category,
    status: event.status,
    simulated: event.simulated,
    interval: event.expected_interval_seconds,
    fields: device?.fields ?? new Map(),
    ...(device?.measured !== undefined && { measured: device.measured }),
    lastReadingAt: device?.lastReadingAt,
  };
}

/** A device is silent after this many milliseconds without a reading: three expected intervals. */
export const maxSilenceOf = ({ interval }: Pick<Device, "interval">): number => 3000 * interval;

/**
 * The health of a device at `now`. `unknownSince`: the connection is lost since then, so the health is unknown. Blocked devices stay
 * blocked.
 */
export function healthOf(device: Device, now: number): Health;
export function healthOf(device: Device, now: number, unknownSince: number | undefined): Health | "unknown";
export function healthOf(device: Device, now: number, unknownSince?: number): Health | "unknown" {
  if (device.status === "blocked") return "blocked";
  if (unknownSince !== undefined) return "unknown";
  if (device.lastReadingAt === undefined) return "never";
  return now - device.lastReadingAt > maxSilenceOf(device) ? "silent" : "ok";
}

/** The rate of readings in a sliding window. Times in milliseconds. */
export class Rate {
  private readonly counts: { at: number; count: number }[] = [];
  constructor(private readonly window = 10_000) {}
  add(at: number, count: number): void {
    this.counts.push({ at, count });
    this.discardBefore(at);
  }
  /** Readings per second. */
  perSecond(now: number): number {
    this.discardBefore(now);
    return this.counts.reduce((sum, entry) => sum + entry.count, 0) / (this.window / 1000);
  }
  private discardBefore(now: number): void {
    while (this.counts[0] !== undefined && this.counts[0].at <= now - this.window) this.counts.shift();
  }
}
