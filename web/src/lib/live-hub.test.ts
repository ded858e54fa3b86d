import { describe, expect, it } from "vitest";

import type { LiveEvent } from "./live";
import { LiveHub } from "./live-hub";

function setUp() {
  const house = { told: [] as string[][], gaps: 0, waits: 0, beats: [] as (() => void)[], beat: () => undefined as void };
  const hub = new LiveHub((_, what) => {
    house.waits += 1;
    house.beat = what;
    house.beats.push(what);
    return () => {
      house.beat = () => undefined;
    };
  });
  const end = hub.listen({ events: (events) => house.told.push(events.map((each) => (each as { device_id: string }).device_id)), gap: () => (house.gaps += 1) });
  return { hub, house, end };
}
const backfill = (device: string): LiveEvent => ({ type: "backfill", device_id: device, count: 1, received_at: "2026-01-15T12:00:00Z" });

describe("live hub", () => {
  it("tells at once what gathered", () => {
    const { hub, house } = setUp();
    hub.take([backfill("a")]);
    hub.take([backfill("b"), backfill("c")]);
    expect([house.told, house.waits]).toEqual([[], 1]);
    house.beat();
    expect(house.told).toEqual([["a", "b", "c"]]);
    hub.take([backfill("d")]);
    house.beat();
    expect(house.told).toHaveLength(2);
  });

  it("tells a gap in place of what came before it", () => {
    const { hub, house } = setUp();
    hub.take([backfill("a")]);
    hub.gap();
    hub.take([backfill("b")]);
    house.beat();
    expect([house.gaps, house.told]).toEqual([1, [["b"]]]);
  });

  it("lets no more gather than it can hold", () => {
    const { hub, house } = setUp();
    hub.take(Array.from({ length: 20_000 }, () => backfill("a")));
    hub.take([backfill("b")]);
    house.beat();
    expect([house.gaps, house.told]).toEqual([1, []]);
  });

  it("tells nobody who left", () => {
    const { hub, house, end } = setUp();
    hub.take([backfill("a")]);
    end();
    house.beat();
    expect(house.told).toEqual([]);
    hub.take([backfill("a")]);
    hub.stop();
    house.beat();
    expect(house.told).toEqual([]);
  });

  it("tells the state", () => {
    const { hub } = setUp();
    const states: string[] = [];
    const end = hub.watchState(() => states.push(hub.state));
    hub.setState("live");
    end();
    hub.setState("lost");
    expect(states).toEqual(["live"]);
  });

  it("knows since when it is lost until what was missed is told", () => {
    const { hub, house } = setUp();
    hub.setState("live");
    hub.setState("lost", 7);
    expect(hub.lostSince).toBe(7);
    hub.setState("live");
    hub.gap();
    expect(hub.lostSince).toBe(7);
    house.beats.forEach((each) => each());
    expect([hub.lostSince, house.gaps]).toEqual([undefined, 1]);
    hub.setState("lost", 8);
    hub.setState("live");
    hub.setState("lost", 9);
    house.beats.forEach((each) => each());
    expect(hub.lostSince).toBe(9);
  });
});
