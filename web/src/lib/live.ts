import type { Schemas } from "./api";

export type ReadingEvent = {
  type: "reading";
  reading: { id: number; device_id: string; received_at: string; device_timestamp: string | null; simulated: boolean; payload: unknown };
};
export type DeviceEvent = {
  type: "device";
  change: "created" | "updated" | "deleted";
  device_id: string;
  name?: string;
  category?: string;
  status?: string;
  simulated?: boolean;
  expected_interval_seconds?: number;
};
export type BackfillEvent = { type: "backfill"; device_id: string; count: number; received_at: string };
/** A row of the audit log. */
export type SecurityEventEvent = { type: "security_event" } & Schemas["SecurityEvent"];
export type AlertEvent = { type: "alert"; change: "raised" | "updated" | "resolved"; alert: Schemas["Alert"] };
export type LiveEvent = ReadingEvent | DeviceEvent | BackfillEvent | SecurityEventEvent | AlertEvent;
/** What to hear of, as docs/api_usage.md says under "Live". */
export type Subscription = { id: string; all?: true; alerts?: true; security_events?: true };
type Message =
  | { type: "welcome"; cursor: string }
  | { type: "events"; cursor: string; events: LiveEvent[] }
  | { type: "gap"; cursor: string }
  | { type: "heartbeat"; cursor: string }
  | { type: "subscribed" | "error" | "renewed" | "unsubscribed" };

export type LiveState = "connecting" | "live" | "lost";

export interface LiveParts {
  /** A ticket for one connection. */
  ticket(signal: AbortSignal): Promise<string>;
  open(): WebSocket;
  readonly subscriptions: readonly Subscription[];
  later(milliseconds: number, what: () => void): () => void;
  /** Milliseconds since 1970. */
  now(): number;
  events(events: LiveEvent[]): void;
  /** Events were missed: what is shown has to be fetched anew. */
  gap(): void;
  /** `since`: with "lost", when the server was heard last; until then everything is known. */
  state(now: LiveState, since: number | undefined): void;
}

const firstWait = 500;
const longestWait = 15_000;
/** Of a server that says something at least every 5 seconds: two heartbeats may be missed. */
export const longestSilence = 12_000;
/** Until there is a connection, which is quick or not at all: a browser may try each dead one that it has kept. */
const longestOpening = 5000;
/** How often the silence is looked at. */
const beat = 1000;
/** How often the server is told that somebody is there. */
const heartbeat = 5000;

/**
 * A live connection that comes back by itself, where it was, after longer and longer waits. A network that swallows everything ends no
 * connection, so one on which nothing is heard any more counts as lost, whatever it is waiting for.
 */
export class Live {
  private attempt = new AbortController();
  private socket: WebSocket | undefined;
  private cursor: string | undefined;
  private wait = firstWait;
  private stopped = false;
  /** The last message, of any connection. */
  private heard: number;
  /** The last progress of this attempt. */
  private sign = 0;
  private looked = 0;
  /** The last heartbeat of ours. */
  private told = 0;
  private excused = false;
  private greeted = false;
  private cancelRetry: (() => void) | undefined;
  private cancelWatch: () => void = () => undefined;

  constructor(private readonly parts: LiveParts) {
    this.heard = parts.now();
    parts.state("connecting", undefined);
    void this.connect();
  }

  stop(): void {
    this.stopped = true;
    this.end();
    this.cancelRetry?.();
  }

  /** The connection lives on with this token when the one before expires. */
  renew(token: string): void {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify({ type: "renew", token }));
  }

  /** Tries now, where it waits to try again: the network is said to be back. */
  retryNow(): void {
    if (this.cancelRetry === undefined) return;
    this.cancelRetry();
    void this.connect();
  }

  private async connect(): Promise<void> {
    this.cancelRetry = undefined;
    const attempt = new AbortController();
    this.attempt = attempt;
    this.excused = this.greeted = false;
    this.sign = this.looked = this.parts.now();
    this.cancelWatch = this.parts.later(beat, () => this.watch());
    let ticket: string;
    try {
      ticket = await this.parts.ticket(attempt.signal);
    } catch {
      if (!attempt.signal.aborted) this.again();
      return;
    }
    if (attempt.signal.aborted) return;
    this.sign = this.parts.now();
    const socket = this.parts.open();
    this.socket = socket;
    socket.onopen = () => {
      this.sign = this.told = this.parts.now();
      socket.send(
        JSON.stringify({
          type: "hello",
          ticket,
          ...(this.cursor === undefined ? {} : { cursor: this.cursor }),
          subscriptions: this.parts.subscriptions,
        }),
      );
    };
    socket.onmessage = (message: MessageEvent<string>) => this.take(JSON.parse(message.data) as Message);
    socket.onclose = () => this.again();
  }

  private take(message: Message): void {
    this.heard = this.sign = this.parts.now();
    switch (message.type) {
      case "welcome":
        this.wait = firstWait;
        this.greeted = true;
        this.cursor = message.cursor;
        this.parts.state("live", undefined);
        break;
      case "events":
        this.cursor = message.cursor;
        this.parts.events(message.events);
        break;
      case "gap":
        this.cursor = message.cursor;
        this.parts.gap();
        break;
      case "heartbeat":
        this.cursor = message.cursor;
        break;
    }
  }

  private watch(): void {
    const now = this.parts.now();
    // Who slept, or was busy, hears what came meanwhile before it is missed.
    const late = now - this.looked > 3 * beat;
    this.looked = now;
    this.sign = Math.min(this.sign, now); // a clock that was set back hides no silence
    const silent = now - this.sign > (this.greeted ? longestSilence : longestOpening);
    if (silent && (!late || this.excused)) {
      this.wait = firstWait; // there was a wait already
      return this.again();
    }
    this.excused = silent;
    if (Math.abs(now - this.told) >= heartbeat && this.socket?.readyState === WebSocket.OPEN) {
      this.socket.send('{"type":"heartbeat"}');
      this.told = now;
    }
    this.cancelWatch = this.parts.later(beat, () => this.watch());
  }

  private again(): void {
    if (this.stopped) return;
    this.end();
    this.parts.state("lost", Math.min(this.heard, this.parts.now()));
    this.cancelRetry = this.parts.later(this.wait, () => void this.connect());
    this.wait = Math.min(this.wait * 2, longestWait);
  }

  /** Whatever is under way. The other end may be unable to hear of it. */
  private end(): void {
    this.cancelWatch();
    this.attempt.abort();
    const { socket } = this;
    if (socket === undefined) return;
    this.socket = undefined;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
  }
}
