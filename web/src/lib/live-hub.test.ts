import { describe, expect, it } from "vitest";

import type { LiveEvent } from "./live";
import { LiveHub } from "./live-hub";

function setUp() {
  const context = { delivered: [] as string[][], gaps: 0, scheduled: 0, tasks: [] as (() => void)[], runTask: (): void => undefined };
  const hub = new LiveHub((_, task) => {
    context.scheduled += 1;
    context.runTask = task;
    context.tasks.push(task);
    return () => {
      context.runTask = () => undefined;
    };
  });
  const unsubscribe = hub.listen({ onEvents: (events) => context.delivered.push(events.map((event) => (event as { device_id: string }).device_id)), onGap: () => (context.gaps += 1) });
  return { hub, context, unsubscribe };
}
const backfill = (device: string): LiveEvent => ({ type: "backfill", device_id: device, count: 1, oldest: "2026-01-15T11:00:00Z", newest: "2026-01-15T11:00:00Z", received_at: "2026-01-15T12:00:00Z" });

describe("live hub", () => {
  it("delivers queued events in one batch", () => {
    const { hub, context: x } = setUp();
    hub.add([backfill("a")]);
    hub.add([backfill("b"), backfill("c")]);
    expect([x.delivered, x.scheduled]).toEqual([[], 1]);
    x.runTask();
    expect(x.delivered).toEqual([["a", "b", "c"]]);
    hub.add([backfill("d")]);
    x.runTask();
    expect(x.delivered).toHaveLength(2);
  });

  it("replaces events before a gap by the gap", () => {
    const { hub, context } = setUp();
    hub.add([backfill("a")]);
    hub.gap();
    hub.add([backfill("b")]);
    context.runTask();
    expect([context.gaps, context.delivered]).toEqual([1, [["b"]]]);
  });

  it("reports a gap if the queue is full", () => {
    const { hub, context } = setUp();
    hub.add(Array.from({ length: 20_000 }, () => backfill("a")));
    hub.add([backfill("b")]);
    context.runTask();
    expect([context.gaps, context.delivered]).toEqual([1, []]);
  });

  it("delivers nothing after unsubscribing or stopping", () => {
    const { hub, context, unsubscribe } = setUp();
    hub.add([backfill("a")]);
    unsubscribe();
    context.runTask();
    expect(context.delivered).toEqual([]);
    hub.add([backfill("a")]);
    hub.stop();
    context.runTask();
    expect(context.delivered).toEqual([]);
  });

  it("notifies watchers of the state", () => {
    const { hub } = setUp();
    const states: string[] = [];
    const unsubscribe = hub.watchState(() => states.push(hub.state));
    hub.setState("live");
    unsubscribe();
    hub.setState("lost");
    expect(states).toEqual(["live"]);
  });

  it("keeps the time of the loss until the missed events are delivered", () => {
    const { hub, context } = setUp();
    hub.setState("live");
    hub.setState("lost", 7);
    expect(hub.lostSince).toBe(7);
    hub.setState("live");
    hub.gap();
    expect(hub.lostSince).toBe(7);
    context.tasks.forEach((task) => task());
    expect([hub.lostSince, context.gaps]).toEqual([undefined, 1]);
    hub.setState("lost", 8);
    hub.setState("live");
    hub.setState("lost", 9);
    context.tasks.forEach((task) => task());
    expect(hub.lostSince).toBe(9);
  });
});
