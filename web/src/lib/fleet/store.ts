import type { LatestDevice } from "../api";
import type { LiveEvent, ReadingEvent } from "../live";
import { type Device, Rate, changedBy, deviceOf } from "./fleet";

/**
 * The fleet as it is now, for a page that shows thousands of devices a thousand times a second: one map that is changed in
 * place, in which a device that changed is a new object. Who shows a device watches it by its id; who sorts and counts looks at
 * `shape`, and, where it is about what was heard, once in a while.
 */
export class FleetStore {
  /** Counts up when a device comes or goes, or changes its name, category or status. */
  shape = 0;
  readonly rate = new Rate();
  private devices = new Map<string, Device>();
  private readonly watchers = new Set<() => void>();
  /** What happens while the fleet is fetched, to be put on top of it. */
  private meanwhile: LiveEvent[] | undefined;

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

  /** From now on until `load` what happens is remembered. */
  beginLoading(): void {
    this.meanwhile = [];
  }

  load(latest: readonly LatestDevice[]): void {
    this.devices = new Map(latest.map((each) => [each.device_id, deviceOf(each)]));
    for (const each of this.meanwhile ?? []) this.apply(each);
    this.meanwhile = undefined;
    this.shape += 1;
    this.tell();
  }

  take(events: readonly LiveEvent[], now: number): void {
    let readings = 0;
    for (const each of events) {
      if (each.type === "reading") readings += 1;
      this.meanwhile?.push(each);
      this.apply(each);
    }
    if (readings > 0) this.rate.add(now, readings);
    this.tell();
  }

  /** Something that was said before it was looked at. */
  learn(reading: ReadingEvent): void {
    this.meanwhile?.push(reading);
    this.apply(reading);
    this.tell();
  }

  private apply(event: LiveEvent): void {
    if (event.type !== "reading" && event.type !== "backfill" && event.type !== "device") return;
    const id = event.type === "reading" ? event.reading.device_id : event.device_id;
    const known = this.devices.get(id);
    const next = changedBy(known, event);
    if (next === known) return;
    if (next === undefined) this.devices.delete(id);
    else this.devices.set(id, next);
    if (event.type === "device") this.shape += 1;
  }

  private tell(): void {
    for (const each of this.watchers) each();
  }
}
