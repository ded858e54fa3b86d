import { describe, expect, it } from "vitest";

import { isolatedPoints, columnsOf, gapOf, groupsOf, kindsOf, momentsOfBuckets, spansOf, summaryOf } from "./series";

const start = Date.parse("2026-01-15T12:00:00Z");
const bucket = (minute: number, min: number, max = min) => ({ start: new Date(start + minute * 60_000).toISOString(), count: 1, min, max, mean: (min + max) / 2, first: min, last: max });
const minutes = (x: number[]) => x.map((second) => (second - start / 1000) / 60);
const late = start + 3_600_000;

describe("lines", () => {
  it("place each bucket at its middle, and break at long silences", () => {
    const columns = columnsOf("t", [bucket(0, 1, 3), bucket(1, 2), bucket(10, 4)], 60, late, [], 180_000);
    expect(minutes(columns.x)).toEqual([0.5, 1.5, 3, 10.5]);
    expect(columns.min).toEqual([1, 2, null, 4]);
    expect(columns.max).toEqual([3, 2, null, 4]);
    expect(columns.mean).toEqual([2, 2, null, 4]);
    expect(summaryOf(columns)).toEqual({ lowest: 1, highest: 4, last: 4 });
  });

  it("continue with live readings, without duplicates", () => {
    const until = start + 90_000;
    const liveReadings = [until - 1000, until + 1000, until + 2000].map((at, n) => ({ at, fields: new Map([["t", n], ["other", 9]]) }));
    const columns = columnsOf("t", [bucket(0, 5), bucket(1, 6)], 60, until, liveReadings, 600_000);
    expect(minutes(columns.x)).toEqual([0.5, 1.5, 1.5 + 1 / 60, 1.5 + 2 / 60]);
    expect(columns.mean).toEqual([5, 6, 1, 2]);
  });

  it("include live readings that were not yet stored when the series was fetched", () => {
    const until = start + 90_000;
    const liveReadings = [until - 5000, until - 500].map((at, n) => ({ at, fields: new Map([["t", 70 + n]]) }));
    expect(columnsOf("t", [bucket(0, 5), bucket(1, 6)], 60, until, liveReadings, 600_000).max).toEqual([5, 71]);
    expect(columnsOf("t", [], 60, until, liveReadings, 600_000).mean).toEqual([71]);
  });

  it("have no summary if they are empty", () => {
    expect(summaryOf(columnsOf("t", [], 60, late, [], 1000))).toBeUndefined();
  });

  it("bridge three usual intervals of the device, whatever its category says", () => {
    const every = (seconds: number, count: number, readingsPerStep = 1) => Array.from({ length: count }, (_, n) => ({ at: 1000 * seconds * n, count: readingsPerStep }));
    const silence = 135_000;
    expect(gapOf(every(300, 12), 1, silence)).toBe(900_000);
    expect(gapOf(every(3600, 3), 5, silence)).toBe(3 * 3_600_000);
    expect(gapOf(every(1, 100), 1, silence)).toBe(3000);
    // One missing reading changes nothing.
    const withGap = every(300, 12).filter((_, n) => n !== 4);
    expect(gapOf(withGap, 1, silence)).toBe(900_000);
    // If a step is longer than the interval, the readings per step count: an empty step is a gap.
    expect(gapOf(every(86_400, 30, 24), 86_400, silence)).toBe(1.5 * 86_400_000);
    expect(gapOf(every(60, 30, 2), 60, silence)).toBe(90_000);
    // A single interval is not enough.
    expect([gapOf(every(3600, 2), 1, silence), gapOf([], 1, silence)]).toEqual([silence, silence]);
  });

  const gapsOf = (interval: number, length: number, step: number, isMissing: (at: number) => boolean = () => false) => {
    const buckets = new Map<number, ReturnType<typeof bucket>>();
    for (let at = start; at < start + length; at += interval) {
      if (isMissing(at - start)) continue;
      const begin = Math.floor(at / step) * step;
      const existing = buckets.get(begin);
      buckets.set(begin, { ...bucket((begin - start) / 60_000, 1), count: (existing?.count ?? 0) + 1 });
    }
    return columnsOf("t", [...buckets.values()], step / 1000, start + length, [], 135_000).mean.filter((value) => value === null).length;
  };
  const m = 60_000;
  const h = 60 * m;

  it("have no gaps for slow devices, over ranges from an hour to a week and steps from a second to a day", () => {
    for (const interval of [5 * m, 60 * m])
      for (const length of [h, 3 * h, 12 * h, 7 * 24 * h])
        for (const step of [1000, 6000, m, 2 * m, 10 * m, 30 * m, h, 6 * h, 24 * h]) expect([interval, length, step, gapsOf(interval, length, step)]).toEqual([interval, length, step, 0]);
  });

  it("break at outages that are long for the device", () => {
    const outage = (since: number, until: number) => (at: number) => at >= since && at < until;
    expect(gapsOf(5 * m, 12 * h, m, outage(2 * h, 3 * h))).toBe(1);
    expect(gapsOf(60 * m, 7 * 24 * h, 10 * m, outage(48 * h, 60 * h))).toBe(1);
    expect(gapsOf(60 * m, 7 * 24 * h, 6 * h, outage(48 * h, 60 * h))).toBe(1);
    expect(gapsOf(1000, h, 1000, outage(10 * m, 11 * m))).toBe(1);
  });

  it("have isolated points between gaps", () => {
    expect(isolatedPoints({ mean: [1, null, 2, 3, null, null, 4, null, 5] })).toEqual([0, 6, 8]);
    expect(isolatedPoints({ mean: [] })).toEqual([]);
  });
});

describe("states", () => {
  const window = { since: 0, until: 900 };

  it("last until the next state, and are unknown after a long silence", () => {
    const moments = [{ at: -50, state: "a" }, { at: 50, state: "a" }, { at: 150, state: "b" }, { at: 650, state: "b" }].map((moment) => ({ ...moment, count: 1 }));
    expect(spansOf(moments, 0, 1, window)).toEqual([
      { since: 0, until: 150, state: "a" },
      { since: 150, until: 450, state: "b" },
      { since: 450, until: 650, state: null },
      { since: 650, until: 900, state: "b" },
    ]);
    expect(spansOf([], 0, 300, window)).toEqual([]);
  });

  it("are read from buckets of boolean fields", () => {
    const words = { yes: "yes", no: "no", both: "both" };
    expect(momentsOfBuckets([bucket(0, 0), bucket(1, 1), bucket(2, 0, 1)], words).map((moment) => moment.state)).toEqual(["no", "yes", "both"]);
  });
});

it("separates numbers, flags and texts", () => {
  const fields = new Map<string, number | string | boolean | null>([["x10", 1], ["x9", 1], ["b", false], ["c", "open"], ["d", null], ["e", "2026-01-15T12:00:00Z"]]);
  expect(kindsOf(fields)).toEqual({ numbers: ["x9", "x10"], flags: ["b"], words: ["c"] });
});

it("splits fields into groups of limited size", () => {
  expect(groupsOf([1, 2, 3, 4, 5], 2)).toEqual([[1, 2], [3, 4], [5]]);
  expect(groupsOf([], 2)).toEqual([]);
});
