import { describe, expect, it } from "vitest";

import { Live, type LiveEvent, type LiveState } from "./live";

class FakeSocket {
  onopen: () => void = () => undefined;
  onmessage: (message: { data: string }) => void = () => undefined;
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
    this.onmessage({ data: JSON.stringify(message) });
  }
}

function setUp() {
  const sockets: FakeSocket[] = [];
  const states: LiveState[] = [];
  const heard: LiveEvent[] = [];
  const waits: number[] = [];
  const house = { sockets, states, heard, waits, gaps: 0, tickets: 0, refuse: false, goOn: () => undefined as void };
  const live = new Live({
    ticket: () => (house.refuse ? Promise.reject(new Error("no")) : Promise.resolve(`ticket ${++house.tickets}`)),
    open: () => {
      const made = new FakeSocket();
      sockets.push(made);
      return made as unknown as WebSocket;
    },
    subscriptions: [{ id: "all", all: true }],
    later: (milliseconds, what) => {
      waits.push(milliseconds);
      house.goOn = what;
      return () => {
        house.goOn = () => undefined;
      };
    },
    events: (events) => heard.push(...events),
    gap: () => (house.gaps += 1),
    state: (now) => states.push(now),
  });
  return { ...house, house, live };
}
const settle = () => new Promise((done) => setTimeout(done));

describe("live", () => {
  it("says who it is with a ticket, and tells what happens", async () => {
    const { sockets, states, heard } = setUp();
    await settle();
    sockets[0]?.onopen();
    expect(sockets[0]?.sent[0]).toEqual({ type: "hello", ticket: "ticket 1", subscriptions: [{ id: "all", all: true }] });
    sockets[0]?.say({ type: "welcome", cursor: "e-1" });
    sockets[0]?.say({ type: "events", cursor: "e-3", events: [{ type: "backfill", device_id: "a", count: 2 }] });
    expect(heard).toHaveLength(1);
    expect(states).toEqual(["connecting", "live"]);
  });

  it("comes back where it was, with a fresh ticket", async () => {
    const { sockets, states, waits, house } = setUp();
    await settle();
    sockets[0]?.say({ type: "welcome", cursor: "e-1" });
    sockets[0]?.say({ type: "events", cursor: "e-7", events: [] });
    sockets[0]?.onclose();
    expect(states.at(-1)).toBe("lost");
    house.goOn();
    await settle();
    sockets[1]?.onopen();
    expect(sockets[1]?.sent[0]).toMatchObject({ ticket: "ticket 2", cursor: "e-7" });
    sockets[1]?.say({ type: "gap", cursor: "e-9" });
    expect(house.gaps).toBe(1);
    expect(waits).toEqual([500]);
  });

  it("waits longer each time, until it is let in", async () => {
    const { sockets, waits, house } = setUp();
    await settle();
    house.refuse = true;
    sockets[0]?.onclose();
    for (let n = 0; n < 7; ++n) {
      house.goOn();
      await settle();
    }
    expect(waits).toEqual([500, 1000, 2000, 4000, 8000, 15_000, 15_000, 15_000]);
    house.refuse = false;
    house.goOn();
    await settle();
    sockets[1]?.say({ type: "welcome", cursor: "e-1" });
    sockets[1]?.onclose();
    expect(waits.at(-1)).toBe(500);
  });

  it("stops for good", async () => {
    const { sockets, waits, live } = setUp();
    await settle();
    live.stop();
    expect(sockets[0]?.closed).toBe(true);
    sockets[0]?.onclose();
    expect(waits).toEqual([]);
  });
});
