import type { LatestDevice } from "../api";
import type { LiveEvent, ReadingEvent } from "../live";
import { type Device, Rate, deviceAfter, deviceOf } from "./fleet";

/**
 * The live fleet, designed for thousands of devices and thousands of events a second: one map that is changed in place; a changed
 * device is a new object. Components that show a device read it by id. Components that sort or count depend on `shape`, and poll
 * where the time of the last reading matters.
 */
export class FleetStore {
  /** Increases when a device is added or removed, or changes its name, category or status. */
  shape = 0;
  readonly rate = new Rate();
  private devices = new Map<string, Device>();
  private readonly watchers = new Set<() => void>();
  /** Events that arrive while the fleet is being fetched; `load` applies them again. */
  private eventsWhileLoading: LiveEvent[] | undefined;

  readonly watch = (changed: () => void): (() => void) => {
    this.watchers.add(changed);
    return () => this.watchers.delete(changed);
  };

  get size(): number {
    return this.devices.size;
  }

  get(id: string): Device | undefined {
    return this.devices.get(id);
  }

  all(): Device[] {
    return [...this.devices.values()];
  }

  /** Starts recording events until `load`. */
  beginLoading(): void {
    this.eventsWhileLoading = [];
  }

  load(latest: readonly LatestDevice[]): void {
    this.devices = new Map(latest.map((device) => [device.device_id, deviceOf(device)]));
    for (const event of this.eventsWhileLoading ?? []) this.apply(event);
    this.eventsWhileLoading = undefined;
    this.shape += 1;
    this.notify();
  }

  applyEvents(events: readonly LiveEvent[], now: number): void {
    let readings = 0;
    for (const event of events) {
      if (event.type === "reading") readings += 1;
      this.eventsWhileLoading?.push(event);
      this.apply(event);
    }
    if (readings > 0) this.rate.add(now, readings);
    this.notify();
  }

  /** Adds a reading from before the device was known. It doesn't count for the rate. */
  addPastReading(reading: ReadingEvent): void {
    this.eventsWhileLoading?.push(reading);
    this.apply(reading);
    this.notify();
  }

  private apply(event: LiveEvent): void {
    if (event.type !== "reading" && event.type !== "backfill" && event.type !== "device") return;
    const id = event.type === "reading" ? event.reading.device_id : event.device_id;
    const device = this.devices.get(id);
    const next = deviceAfter(device, event);
    if (next === device) return;
    if (next === undefined) this.devices.delete(id);
    else this.devices.set(id, next);
    if (event.type === "device") this.shape += 1;
  }

  private notify(): void {
    for (const watcher of this.watchers) watcher();
  }
}
