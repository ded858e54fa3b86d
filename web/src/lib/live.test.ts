import { describe, expect, it, vi } from "vitest";

import { Live, type LiveEvent, type LiveState } from "./live";

// Exists in browsers only.
vi.stubGlobal("WebSocket", { CONNECTING: 0, OPEN: 1 });

class FakeSocket {
  readyState = 1;
  onopen: () => void = () => undefined;
  onmessage: ((message: { data: string }) => void) | null = () => undefined;
  onclose: () => void = () => undefined;
  readonly sent: Record<string, unknown>[] = [];
  closed = false;
  send(text: string): void {
    this.sent.push(JSON.parse(text) as Record<string, unknown>);
  }
  close(): void {
    this.closed = true;
  }
  receive(message: unknown): void {
    this.onmessage?.({ data: JSON.stringify(message) });
  }
}

const flushPromises = () => new Promise((done) => setTimeout(done));

/** A fake clock that runs scheduled tasks in order. */
class FakeTime {
  now = 1_000_000;
  private waiting: { at: number; task: () => void }[] = [];
  readonly delays: number[] = [];
  schedule = (milliseconds: number, task: () => void) => {
    const timer = { at: this.now + milliseconds, task };
    this.delays.push(milliseconds);
    this.waiting.push(timer);
    return () => {
      this.waiting = this.waiting.filter((other) => other !== timer);
    };
  };
  async pass(milliseconds: number): Promise<void> {
    const end = this.now + milliseconds;
    for (;;) {
      await flushPromises();
      const next = this.waiting.sort((a, b) => a.at - b.at)[0];
      if (next === undefined || next.at > end) break;
      this.waiting.shift();
      this.now = Math.max(this.now, next.at);
      next.task();
    }
    this.now = end;
    await flushPromises();
  }
  setBack(milliseconds: number): void {
    this.now -= milliseconds;
    for (const timer of this.waiting) timer.at -= milliseconds; // timers don't follow the wall clock
  }
  /** Simulates sleep or a busy page: nothing runs in between, then every due task runs once. */
  async jump(milliseconds: number): Promise<void> {
    this.now += milliseconds;
    await this.pass(0);
  }
}

function setUp() {
  const time = new FakeTime();
  const sockets: FakeSocket[] = [];
  const states: LiveState[] = [];
  const lostSince: (number | undefined)[] = [];
  const received: LiveEvent[] = [];
  const context = { time, sockets, states, lostSince, received, gaps: 0, tickets: 0, reject: false, neverAnswer: false };
  const live = new Live({
    ticket: () => (context.neverAnswer ? new Promise<string>(() => undefined) : context.reject ? Promise.reject(new Error("no")) : Promise.resolve(`ticket ${++context.tickets}`)),
    open: () => {
      const socket = new FakeSocket();
      sockets.push(socket);
      return socket as unknown as WebSocket;
    },
    subscriptions: [{ id: "all", all: true }],
    schedule: time.schedule,
    now: () => time.now,
    onEvents: (events) => received.push(...events),
    onGap: () => (context.gaps += 1),
    onState: (state, lost) => {
      states.push(state);
      lostSince.push(lost);
    },
  });
  return { ...context, context, live };
}

describe("live", () => {
  it("authenticates with a ticket and delivers events", async () => {
    const { sockets, states, received } = setUp();
    await flushPromises();
    sockets[0]?.onopen();
    expect(sockets[0]?.sent[0]).toEqual({ type: "hello", ticket: "ticket 1", subscriptions: [{ id: "all", all: true }] });
    sockets[0]?.receive({ type: "welcome", cursor: "e-1" });
    sockets[0]?.receive({ type: "events", cursor: "e-3", events: [{ type: "backfill", device_id: "a", count: 2, received_at: "2026-01-15T12:00:00Z" }] });
    expect(received).toHaveLength(1);
    expect(states).toEqual(["connecting", "live"]);
  });

  it("resumes at its cursor with a new ticket", async () => {
    const { time, sockets, states, context } = setUp();
    await flushPromises();
    sockets[0]?.receive({ type: "welcome", cursor: "e-1" });
    sockets[0]?.receive({ type: "events", cursor: "e-7", events: [] });
    sockets[0]?.onclose();
    expect(states.at(-1)).toBe("lost");
    await time.pass(500);
    sockets[1]?.onopen();
    expect(sockets[1]?.sent[0]).toMatchObject({ ticket: "ticket 2", cursor: "e-7" });
    sockets[1]?.receive({ type: "gap", cursor: "e-9" });
    expect(context.gaps).toBe(1);
  });

  it("doubles the retry delay until it is connected", async () => {
    const { time, sockets, context } = setUp();
    await flushPromises();
    context.reject = true;
    sockets[0]?.onclose();
    time.delays.length = 0;
    await time.pass(500 + 1000 + 2000 + 4000 + 8000 + 15_000 + 15_000);
    expect(time.delays.filter((delay) => delay > 1000)).toEqual([2000, 4000, 8000, 15_000, 15_000, 15_000]);
    context.reject = false;
    await time.pass(15_000);
    sockets[1]?.receive({ type: "welcome", cursor: "e-1" });
    time.delays.length = 0;
    sockets[1]?.onclose();
    expect(time.delays).toEqual([500]);
  });

  it("retries at once when the network is back", async () => {
    const { time, sockets, context, live } = setUp();
    await flushPromises();
    context.reject = true;
    sockets[0]?.onclose();
    await time.pass(20_000);
    context.reject = false;
    live.retryNow();
    live.retryNow();
    await flushPromises();
    expect(sockets).toHaveLength(2);
  });

  it("reports a loss within 15 seconds if the network drops everything, and resumes", async () => {
    const { time, sockets, states, lostSince, context } = setUp();
    await flushPromises();
    const start = time.now;
    sockets[0]?.receive({ type: "welcome", cursor: "e-1" });
    for (let n = 1; n <= 4; ++n) {
      await time.pass(5000);
      sockets[0]?.receive({ type: "heartbeat", cursor: `e-${n}` });
    }
    expect(states).toEqual(["connecting", "live"]);
    context.neverAnswer = true;
    await time.pass(11_000);
    expect(states.at(-1)).toBe("live");
    await time.pass(4000);
    expect([states.at(-1), lostSince.at(-1), sockets[0]?.closed]).toEqual(["lost", start + 20_000, true]);

    // Pending ticket requests time out too, and the time of the loss stays.
    await time.pass(60_000);
    expect([states.at(-1), lostSince.at(-1)]).toEqual(["lost", start + 20_000]);
    context.neverAnswer = false;
    while (sockets.length < 2) await time.pass(1000);
    sockets[1]?.onopen();
    expect(sockets[1]?.sent[0]).toMatchObject({ cursor: "e-4" });
    sockets[1]?.receive({ type: "welcome", cursor: "e-9" });
    expect([states.at(-1), lostSince.at(-1)]).toEqual(["live", undefined]);
  });

  it("sends a heartbeat every 5 seconds", async () => {
    const { time, sockets } = setUp();
    await flushPromises();
    sockets[0]?.onopen();
    for (let n = 0; n < 3; ++n) {
      sockets[0]?.receive({ type: "heartbeat", cursor: "e-1" });
      await time.pass(5000);
    }
    expect(sockets[0]?.sent.slice(1)).toEqual([{ type: "heartbeat" }, { type: "heartbeat" }, { type: "heartbeat" }]);
  });

  it("closes a connection that is never welcomed", async () => {
    const { time, sockets, states } = setUp();
    await flushPromises();
    sockets[0]?.onopen();
    await time.pass(7000);
    expect([states.at(-1), sockets.length]).toEqual(["lost", 2]);
  });

  it("processes messages after the page slept before it reports a loss", async () => {
    const { time, sockets, states } = setUp();
    await flushPromises();
    sockets[0]?.receive({ type: "welcome", cursor: "e-1" });
    await time.jump(60_000);
    expect(states.at(-1)).toBe("live");
    sockets[0]?.receive({ type: "heartbeat", cursor: "e-2" });
    await time.pass(5000);
    expect(states.at(-1)).toBe("live");
    await time.jump(60_000);
    await time.pass(1000);
    expect(states.at(-1)).toBe("lost");
  });

  it("detects a dead connection after the clock was set back", async () => {
    const { time, sockets, states } = setUp();
    await flushPromises();
    sockets[0]?.receive({ type: "welcome", cursor: "e-1" });
    await time.pass(1000);
    time.setBack(900_000);
    await time.pass(15_000);
    expect(states.at(-1)).toBe("lost");
  });

  it("stops for good", async () => {
    const { time, sockets, live, states } = setUp();
    await flushPromises();
    live.stop();
    expect(sockets[0]?.closed).toBe(true);
    await time.pass(60_000);
    expect([sockets.length, states]).toEqual([1, ["connecting"]]);
  });

  it("closes a connection that is being established only once it is open, so that the browser logs no warning", async () => {
    const { sockets, live } = setUp();
    await flushPromises();
    const [socket] = sockets;
    if (socket === undefined) throw new Error("There is no socket.");
    socket.readyState = WebSocket.CONNECTING;
    live.stop();
    expect(socket.closed).toBe(false);
    socket.onopen();
    expect([socket.closed, socket.sent]).toEqual([true, []]);
  });
});
