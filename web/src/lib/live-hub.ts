import type { LiveEvent, LiveState } from "./live";

export type Listener = { onEvents(events: readonly LiveEvent[]): void; onGap(): void };

/** Events are delivered in batches at this interval, in milliseconds: short enough to look live, long enough to be cheap. */
const deliveryInterval = 250;
/** The maximum number of queued events. Timers of background pages are slow; more events count as a gap. */
const maxQueued = 20_000;

/** Queues events of the live connection and delivers them to listeners in batches. */
export class LiveHub {
  state: LiveState = "connecting";
  /**
   * The time of the last message before the connection was lost, in milliseconds since 1970. It stays set for a moment after the
   * reconnection, until the missed events are delivered.
   */
  lostSince: number | undefined;
  private readonly listeners = new Set<Listener>();
  private readonly watchers = new Set<() => void>();
  private queue: LiveEvent[] = [];
  private hasGap = false;
  private cancel: (() => void) | undefined;

  constructor(private readonly schedule: (milliseconds: number, task: () => void) => () => void) {}

  /** Returns a function that unsubscribes. */
  listen(listener: Listener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  readonly watchState = (changed: () => void): (() => void) => {
    this.watchers.add(changed);
    return () => this.watchers.delete(changed);
  };

  setState(state: LiveState, lostSince?: number): void {
    this.state = state;
    if (lostSince !== undefined) this.lostSince = lostSince;
    else if (this.lostSince !== undefined) this.schedule(2 * deliveryInterval, () => this.clearLostSince());
    this.notifyWatchers();
  }

  private clearLostSince(): void {
    if (this.state === "lost") return;
    this.lostSince = undefined;
    this.notifyWatchers();
  }

  private notifyWatchers(): void {
    for (const watcher of this.watchers) watcher();
  }

  add(events: readonly LiveEvent[]): void {
    if (this.queue.length + events.length > maxQueued) {
      this.gap();
      return;
    }
    for (const event of events) this.queue.push(event);
    this.cancel ??= this.schedule(deliveryInterval, () => this.deliver());
  }

  gap(): void {
    this.hasGap = true;
    this.queue = [];
    this.cancel ??= this.schedule(deliveryInterval, () => this.deliver());
  }

  stop(): void {
    this.cancel?.();
    this.cancel = undefined;
    this.queue = [];
  }

  private deliver(): void {
    this.cancel = undefined;
    const { queue, hasGap } = this;
    this.queue = [];
    this.hasGap = false;
    for (const listener of this.listeners) {
      if (hasGap) listener.onGap();
      if (queue.length > 0) listener.onEvents(queue);
    }
  }
}
