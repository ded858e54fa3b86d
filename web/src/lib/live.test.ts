import { describe, expect, it, vi } from "vitest";

import { Live, type LiveEvent, type LiveState } from "./live";

// Not there outside of browsers.
vi.stubGlobal("WebSocket", { OPEN: 1 });

class FakeSocket {
  readonly readyState = 1;
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
  say(message: unknown): void {
    this.onmessage?.({ data: JSON.stringify(message) });
  }
}

const settle = () => new Promise((done) => setTimeout(done));

/** Runs what is to be done later, in its order, as the time passes. */
class FakeTime {
  now = 1_000_000;
  private waiting: { at: number; what: () => void }[] = [];
  readonly waits: number[] = [];
  later = (milliseconds: number, what: () => void) => {
    const one = { at: this.now + milliseconds, what };
    this.waits.push(milliseconds);
    this.waiting.push(one);
    return () => {
      this.waiting = this.waiting.filter((each) => each !== one);
    };
  };
  async pass(milliseconds: number): Promise<void> {
    const end = this.now + milliseconds;
    for (;;) {
      await settle();
      const next = this.waiting.sort((a, b) => a.at - b.at)[0];
      if (next === undefined || next.at > end) break;
      this.waiting.shift();
      this.now = Math.max(this.now, next.at);
      next.what();
    }
    this.now = end;
    await settle();
  }
  setBack(milliseconds: number): void {
    this.now -= milliseconds;
    for (const each of this.waiting) each.at -= milliseconds; // timers don't follow the clock
  }
  /** The machine sleeps, or the page is busy: nothing runs, and then what is due does once. */
  async jump(milliseconds: number): Promise<void> {
    this.now += milliseconds;
    await this.pass(0);
  }
}

function setUp() {
  const time = new FakeTime();
  const sockets: FakeSocket[] = [];
  const states: LiveState[] = [];
  const since: (number | undefined)[] = [];
  const heard: LiveEvent[] = [];
  const house = { time, sockets, states, since, heard, gaps: 0, tickets: 0, refuse: false, swallow: false };
  const live = new Live({
    ticket: () => (house.swallow ? new Promise<string>(() => undefined) : house.refuse ? Promise.reject(new Error("no")) : Promise.resolve(`ticket ${++house.tickets}`)),
    open: () => {
      const made = new FakeSocket();
      sockets.push(made);
      return made as unknown as WebSocket;
    },
    subscriptions: [{ id: "all", all: true }],
    later: time.later,
    now: () => time.now,
    events: (events) => heard.push(...events),
    gap: () => (house.gaps += 1),
    state: (now, lost) => {
      states.push(now);
      since.push(lost);
    },
  });
  return { ...house, house, live };
}

describe("live", () => {
  it("says who it is with a ticket, and tells what happens", async () => {
    const { sockets, states, heard } = setUp();
    await settle();
    sockets[0]?.onopen();
    expect(sockets[0]?.sent[0]).toEqual({ type: "hello", ticket: "ticket 1", subscriptions: [{ id: "all", all: true }] });
    sockets[0]?.say({ type: "welcome", cursor: "e-1" });
    sockets[0]?.say({ type: "events", cursor: "e-3", events: [{ type: "backfill", device_id: "a", count: 2, received_at: "2026-01-15T12:00:00Z" }] });
    expect(heard).toHaveLength(1);
    expect(states).toEqual(["connecting", "live"]);
  });

  it("comes back where it was, with a fresh ticket", async () => {
    const { time, sockets, states, house } = setUp();
    await settle();
    sockets[0]?.say({ type: "welcome", cursor: "e-1" });
    sockets[0]?.say({ type: "events", cursor: "e-7", events: [] });
    sockets[0]?.onclose();
    expect(states.at(-1)).toBe("lost");
    await time.pass(500);
    sockets[1]?.onopen();
    expect(sockets[1]?.sent[0]).toMatchObject({ ticket: "ticket 2", cursor: "e-7" });
    sockets[1]?.say({ type: "gap", cursor: "e-9" });
    expect(house.gaps).toBe(1);
  });

  it("waits longer each time, until it is let in", async () => {
    const { time, sockets, house } = setUp();
    await settle();
    house.refuse = true;
    sockets[0]?.onclose();
    time.waits.length = 0;
    await time.pass(500 + 1000 + 2000 + 4000 + 8000 + 15_000 + 15_000);
    expect(time.waits.filter((each) => each > 1000)).toEqual([2000, 4000, 8000, 15_000, 15_000, 15_000]);
    house.refuse = false;
    await time.pass(15_000);
    sockets[1]?.say({ type: "welcome", cursor: "e-1" });
    time.waits.length = 0;
    sockets[1]?.onclose();
    expect(time.waits).toEqual([500]);
  });

  it("tries at once when the network is said to be back", async () => {
    const { time, sockets, house, live } = setUp();
    await settle();
    house.refuse = true;
    sockets[0]?.onclose();
    await time.pass(20_000);
    house.refuse = false;
    live.retryNow();
    live.retryNow();
    await settle();
    expect(sockets).toHaveLength(2);
  });

  it("is lost within 15 seconds where everything is swallowed, says since when, and resumes", async () => {
    const { time, sockets, states, since, house } = setUp();
    await settle();
    const start = time.now;
    sockets[0]?.say({ type: "welcome", cursor: "e-1" });
    for (let n = 1; n <= 4; ++n) {
      await time.pass(5000);
      sockets[0]?.say({ type: "heartbeat", cursor: `e-${n}` });
    }
    expect(states).toEqual(["connecting", "live"]);
    house.swallow = true;
    await time.pass(11_000);
    expect(states.at(-1)).toBe("live");
    await time.pass(4000);
    expect([states.at(-1), since.at(-1), sockets[0]?.closed]).toEqual(["lost", start + 20_000, true]);

    // Nor are tickets that never come waited for; and the moment stays.
    await time.pass(60_000);
    expect([states.at(-1), since.at(-1)]).toEqual(["lost", start + 20_000]);
    house.swallow = false;
    while (sockets.length < 2) await time.pass(1000);
    sockets[1]?.onopen();
    expect(sockets[1]?.sent[0]).toMatchObject({ cursor: "e-4" });
    sockets[1]?.say({ type: "welcome", cursor: "e-9" });
    expect([states.at(-1), since.at(-1)]).toEqual(["live", undefined]);
  });

  it("tells the server every 5 seconds that somebody is there", async () => {
    const { time, sockets } = setUp();
    await settle();
    sockets[0]?.onopen();
    for (let n = 0; n < 3; ++n) {
      sockets[0]?.say({ type: "heartbeat", cursor: "e-1" });
      await time.pass(5000);
    }
    expect(sockets[0]?.sent.slice(1)).toEqual([{ type: "heartbeat" }, { type: "heartbeat" }, { type: "heartbeat" }]);
  });

  it("gives up a connection that is opened and never greeted", async () => {
    const { time, sockets, states } = setUp();
    await settle();
    sockets[0]?.onopen();
    await time.pass(7000);
    expect([states.at(-1), sockets.length]).toEqual(["lost", 2]);
  });

  it("hears what came while the page slept, before it takes the connection for lost", async () => {
    const { time, sockets, states } = setUp();
    await settle();
    sockets[0]?.say({ type: "welcome", cursor: "e-1" });
    await time.jump(60_000);
    expect(states.at(-1)).toBe("live");
    sockets[0]?.say({ type: "heartbeat", cursor: "e-2" });
    await time.pass(5000);
    expect(states.at(-1)).toBe("live");
    await time.jump(60_000);
    await time.pass(1000);
    expect(states.at(-1)).toBe("lost");
  });

  it("finds a dead connection though the clock is set back", async () => {
    const { time, sockets, states } = setUp();
    await settle();
    sockets[0]?.say({ type: "welcome", cursor: "e-1" });
    await time.pass(1000);
    time.setBack(900_000);
    await time.pass(15_000);
    expect(states.at(-1)).toBe("lost");
  });

  it("stops for good", async () => {
    const { time, sockets, live, states } = setUp();
    await settle();
    live.stop();
    expect(sockets[0]?.closed).toBe(true);
    await time.pass(60_000);
    expect([sockets.length, states]).toEqual([1, ["connecting"]]);
  });
});
