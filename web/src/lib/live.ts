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
};
export type BackfillEvent = { type: "backfill"; device_id: string; count: number };
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
  | { type: "subscribed" | "error" | "renewed" | "unsubscribed" };

export type LiveState = "connecting" | "live" | "lost";

export interface LiveParts {
  /** A ticket for one connection. */
  ticket(): Promise<string>;
  open(): WebSocket;
  readonly subscriptions: readonly Subscription[];
  later(milliseconds: number, what: () => void): () => void;
  events(events: LiveEvent[]): void;
  /** Events were missed: what is shown has to be fetched anew. */
  gap(): void;
  state(now: LiveState): void;
}

const firstWait = 500;
const longestWait = 15_000;

/** A live connection that comes back by itself, where it was, after longer and longer waits. */
export class Live {
  private socket: WebSocket | undefined;
  private cursor: string | undefined;
  private wait = firstWait;
  private stopped = false;
  private cancel: () => void = () => undefined;

  constructor(private readonly parts: LiveParts) {
    void this.connect();
  }

  stop(): void {
    this.stopped = true;
    this.cancel();
    this.socket?.close();
  }

  /** The connection lives on with this token when the one before expires. */
  renew(token: string): void {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify({ type: "renew", token }));
  }

  private async connect(): Promise<void> {
    this.parts.state(this.cursor === undefined ? "connecting" : "lost");
    let ticket: string;
    try {
      ticket = await this.parts.ticket();
    } catch {
      return this.again();
    }
    if (this.stopped) return;
    const socket = this.parts.open();
    this.socket = socket;
    socket.onopen = () => {
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
    switch (message.type) {
      case "welcome":
        this.wait = firstWait;
        this.cursor = message.cursor;
        this.parts.state("live");
        break;
      case "events":
        this.cursor = message.cursor;
        this.parts.events(message.events);
        break;
      case "gap":
        this.cursor = message.cursor;
        this.parts.gap();
        break;
    }
  }

  private again(): void {
    if (this.stopped) return;
    this.parts.state("lost");
    this.cancel = this.parts.later(this.wait, () => void this.connect());
    this.wait = Math.min(this.wait * 2, longestWait);
  }
}
