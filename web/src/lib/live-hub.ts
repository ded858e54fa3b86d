import type { LiveEvent, LiveState } from "./live";

export type Listener = { events(events: readonly LiveEvent[]): void; gap(): void };

/** How long events gather before they are told, in milliseconds: often enough to look live, seldom enough to be cheap. */
const beat = 250;
/** How many may gather (a page in the background hears its timers seldom); more count as missed. */
const most = 20_000;

/** Gathers what the live connection says, and tells whoever listens. */
export class LiveHub {
  state: LiveState = "connecting";
  /**
   * When the server was heard last before the connection was lost, in milliseconds since 1970; for a moment after it is back, too,
   * until what was missed has been told.
   */
  lostSince: number | undefined;
  private readonly listeners = new Set<Listener>();
  private readonly watchers = new Set<() => void>();
  private gathered: LiveEvent[] = [];
  private missed = false;
  private cancel: (() => void) | undefined;

  constructor(private readonly later: (milliseconds: number, what: () => void) => () => void) {}

  /** Returns what ends it. */
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
    else if (this.lostSince !== undefined) this.later(2 * beat, () => this.forgetLoss());
    this.tellWatchers();
  }

  private forgetLoss(): void {
    if (this.state === "lost") return;
    this.lostSince = undefined;
    this.tellWatchers();
  }

  private tellWatchers(): void {
    for (const each of this.watchers) each();
  }

  take(events: readonly LiveEvent[]): void {
    if (this.gathered.length + events.length > most) {
      this.gap();
      return;
    }
    for (const each of events) this.gathered.push(each);
    this.cancel ??= this.later(beat, () => this.tell());
  }

  gap(): void {
    this.missed = true;
    this.gathered = [];
    this.cancel ??= this.later(beat, () => this.tell());
  }

  stop(): void {
    this.cancel?.();
    this.cancel = undefined;
    this.gathered = [];
  }

  private tell(): void {
    this.cancel = undefined;
    const { gathered, missed } = this;
    this.gathered = [];
    this.missed = false;
    for (const each of this.listeners) {
      if (missed) each.gap();
      if (gathered.length > 0) each.events(gathered);
    }
  }
}
