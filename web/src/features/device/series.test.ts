import { describe, expect, it } from "vitest";

import { columnsOf, gapOf, groupsOf, kindsOf, momentsOfBuckets, spansOf, summaryOf } from "./series";

const start = Date.parse("2026-01-15T12:00:00Z");
const bucket = (minute: number, min: number, max = min) => ({ start: new Date(start + minute * 60_000).toISOString(), count: 1, min, max, mean: (min + max) / 2, first: min, last: max });
const minutes = (x: number[]) => x.map((each) => (each - start / 1000) / 60);
const far = start + 3_600_000;

describe("lines", () => {
  it("have each bucket in its middle, and are interrupted where nothing was heard for long", () => {
    const columns = columnsOf("t", [bucket(0, 1, 3), bucket(1, 2), bucket(10, 4)], 60, far, [], gapOf(60, 180_000));
    expect(minutes(columns.x)).toEqual([0.5, 1.5, 3, 10.5]);
    expect(columns.min).toEqual([1, 2, null, 4]);
    expect(columns.max).toEqual([3, 2, null, 4]);
    expect(columns.mean).toEqual([2, 2, null, 4]);
    expect(summaryOf(columns)).toEqual({ lowest: 1, highest: 4, last: 4 });
  });

  it("go on with what was heard since, and know nothing twice", () => {
    const until = start + 90_000;
    const heard = [until - 1000, until + 1000, until + 2000].map((at, n) => ({ at, fields: new Map([["t", n], ["other", 9]]) }));
    const columns = columnsOf("t", [bucket(0, 5), bucket(1, 6)], 60, until, heard, 600_000);
    expect(minutes(columns.x)).toEqual([0.5, 1.5, 1.5 + 1 / 60, 1.5 + 2 / 60]);
    expect(columns.mean).toEqual([5, 6, 1, 2]);
  });

  it("have what was on its way to the disk when the series was asked for", () => {
    const until = start + 90_000;
    const heard = [until - 5000, until - 500].map((at, n) => ({ at, fields: new Map([["t", 70 + n]]) }));
    expect(columnsOf("t", [bucket(0, 5), bucket(1, 6)], 60, until, heard, 600_000).max).toEqual([5, 71]);
    expect(columnsOf("t", [], 60, until, heard, 600_000).mean).toEqual([71]);
  });

  it("have no summary where there is nothing", () => {
    expect(summaryOf(columnsOf("t", [], 60, far, [], 1000))).toBeUndefined();
  });

  it("go on over a step, or over the time a device may be silent", () => {
    expect([gapOf(1, 180_000), gapOf(86_400, 180_000)]).toEqual([180_000, 129_600_000]);
  });
});

describe("states", () => {
  const window = { since: 0, until: 1000 };

  it("last until the next, and are unknown after a silence", () => {
    const moments = [{ at: -50, state: "a" }, { at: 100, state: "a" }, { at: 200, state: "b" }, { at: 700, state: "b" }];
    expect(spansOf(moments, 300, window)).toEqual([
      { since: 0, until: 200, state: "a" },
      { since: 200, until: 500, state: "b" },
      { since: 500, until: 700, state: null },
      { since: 700, until: 1000, state: "b" },
    ]);
    expect(spansOf([], 300, window)).toEqual([]);
  });

  it("are read from buckets of what is true or false", () => {
    const words = { yes: "yes", no: "no", both: "both" };
    expect(momentsOfBuckets([bucket(0, 0), bucket(1, 1), bucket(2, 0, 1)], words).map((each) => each.state)).toEqual(["no", "yes", "both"]);
  });
});

it("tells what can be drawn as a line from what can't", () => {
  const fields = new Map<string, number | string | boolean | null>([["x10", 1], ["x9", 1], ["b", false], ["c", "open"], ["d", null], ["e", "2026-01-15T12:00:00Z"]]);
  expect(kindsOf(fields)).toEqual({ numbers: ["x9", "x10"], flags: ["b"], words: ["c"] });
});

it("asks for no more fields at once than are answered", () => {
  expect(groupsOf([1, 2, 3, 4, 5], 2)).toEqual([[1, 2], [3, 4], [5]]);
  expect(groupsOf([], 2)).toEqual([]);
});
