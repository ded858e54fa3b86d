import type { components } from "./asyncapi";

type Messages = components["schemas"];
export type ReadingEvent = Messages["LiveReading"];
export type BackfillEvent = Messages["LiveBackfill"];
export type DeviceEvent = Messages["LiveDevice"] | Messages["LiveDeviceRemoval"];
export type LiveEvent = Messages["LiveEvents"]["events"][number];
export type Subscription = Messages["LiveSubscription"];
type Message = Messages[`Live${"Welcome" | "Renewed" | "Subscribed" | "Unsubscribed" | "Error" | "Events" | "Gap" | "Heartbeat"}`];

export type LiveState = "connecting" | "live" | "lost";

export interface LiveOptions {
  /** Fetches a ticket for one connection. */
  ticket(signal: AbortSignal): Promise<string>;
  open(): WebSocket;
  readonly subscriptions: readonly Subscription[];
  schedule(milliseconds: number, task: () => void): () => void;
  /** Milliseconds since 1970. */
  now(): number;
  onEvents(events: LiveEvent[]): void;
  /** Events were missed: the data must be fetched again. */
  onGap(): void;
  /** `since`: for "lost", the time of the last message. */
  onState(state: LiveState, since: number | undefined): void;
}

const firstRetryDelay = 500;
const maxRetryDelay = 15_000;
/** The server sends something at least every 5 seconds, so this allows two missed heartbeats. */
export const maxSilence = 12_000;
/** Time limit of connecting. Short, because a browser may first try dead connections that it kept open. */
const maxConnectTime = 5000;
/** Interval of the silence check. */
const checkInterval = 1000;
/** Interval of our heartbeats to the server. */
const heartbeatInterval = 5000;

/**
 * A live connection that reconnects with increasing delays and resumes at its cursor. A network that drops packets closes no
 * connection, so a connection without messages counts as lost. All times are in milliseconds.
 */
export class Live {
  private attempt = new AbortController();
  private socket: WebSocket | undefined;
  private cursor: string | undefined;
  private retryDelay = firstRetryDelay;
  private stopped = false;
  /** Time of the last message on any connection. */
  private lastMessageAt: number;
  /** Time of the last progress of this attempt. */
  private lastProgressAt = 0;
  private lastCheckAt = 0;
  /** Time of our last heartbeat. */
  private lastHeartbeatAt = 0;
  private graceUsed = false;
  private welcomed = false;
  private cancelRetry: (() => void) | undefined;
  private cancelCheck: () => void = () => undefined;

  constructor(private readonly options: LiveOptions) {
    this.lastMessageAt = options.now();
    options.onState("connecting", undefined);
    void this.connect();
  }

  stop(): void {
    this.stopped = true;
    this.closeConnection();
    this.cancelRetry?.();
  }

  /** Sends a new access token, so that the connection outlives the previous one. */
  renew(token: string): void {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify({ type: "renew", token }));
  }

  /** Skips the retry delay, if one is running. For when the network is back. */
  retryNow(): void {
    if (this.cancelRetry === undefined) return;
    this.cancelRetry();
    void this.connect();
  }

  private async connect(): Promise<void> {
    this.cancelRetry = undefined;
    const attempt = new AbortController();
    this.attempt = attempt;
    this.graceUsed = this.welcomed = false;
    this.lastProgressAt = this.lastCheckAt = this.options.now();
    this.cancelCheck = this.options.schedule(checkInterval, () => this.checkSilence());
    let ticket: string;
    try {
      ticket = await this.options.ticket(attempt.signal);
    } catch {
      if (!attempt.signal.aborted) this.reconnectLater();
      return;
    }
    if (attempt.signal.aborted) return;
    this.lastProgressAt = this.options.now();
    const socket = this.options.open();
    this.socket = socket;
    socket.onopen = () => {
      this.lastProgressAt = this.lastHeartbeatAt = this.options.now();
      socket.send(
        JSON.stringify({
          type: "hello",
          ticket,
          ...(this.cursor === undefined ? {} : { cursor: this.cursor }),
          subscriptions: this.options.subscriptions,
        }),
      );
    };
    socket.onmessage = (message: MessageEvent<string>) => this.handle(JSON.parse(message.data) as Message);
    socket.onclose = () => this.reconnectLater();
  }

  private handle(message: Message): void {
    this.lastMessageAt = this.lastProgressAt = this.options.now();
    switch (message.type) {
      case "welcome":
        this.retryDelay = firstRetryDelay;
        this.welcomed = true;
        this.cursor = message.cursor;
        this.options.onState("live", undefined);
        break;
      case "events":
        this.cursor = message.cursor;
        this.options.onEvents(message.events);
        break;
      case "gap":
        this.cursor = message.cursor;
        this.options.onGap();
        break;
      case "heartbeat":
        this.cursor = message.cursor;
        break;
    }
  }

  private checkSilence(): void {
    const now = this.options.now();
    // After a sleep or a busy phase, queued messages are processed before silence counts.
    const checkDelayed = now - this.lastCheckAt > 3 * checkInterval;
    this.lastCheckAt = now;
    this.lastProgressAt = Math.min(this.lastProgressAt, now); // a clock that was set back must not hide silence
    const silent = now - this.lastProgressAt > (this.welcomed ? maxSilence : maxConnectTime);
    if (silent && (!checkDelayed || this.graceUsed)) {
      this.retryDelay = firstRetryDelay; // the silence was delay enough
      this.reconnectLater(); return;
    }
    this.graceUsed = silent;
    if (Math.abs(now - this.lastHeartbeatAt) >= heartbeatInterval && this.socket?.readyState === WebSocket.OPEN) {
      this.socket.send('{"type":"heartbeat"}');
      this.lastHeartbeatAt = now;
    }
    this.cancelCheck = this.options.schedule(checkInterval, () => this.checkSilence());
  }

  private reconnectLater(): void {
    if (this.stopped) return;
    this.closeConnection();
    this.options.onState("lost", Math.min(this.lastMessageAt, this.options.now()));
    this.cancelRetry = this.options.schedule(this.retryDelay, () => void this.connect());
    this.retryDelay = Math.min(this.retryDelay * 2, maxRetryDelay);
  }

  /** Aborts the attempt and closes the socket. The server may not receive the close. */
  private closeConnection(): void {
    this.cancelCheck();
    this.attempt.abort();
    const { socket } = this;
    if (socket === undefined) return;
    this.socket = undefined;
    socket.onopen = socket.onmessage = socket.onclose = null;
    // A browser logs a warning if a connection closes before it is established. Only a retry must not wait for that.
    if (this.stopped && socket.readyState === WebSocket.CONNECTING) socket.onopen = () => socket.close();
    else socket.close();
  }
}
