import type { Schemas } from "../../lib/api";
import type { Value } from "../../lib/fleet/fleet";
import { natural } from "../../lib/search";

type Bucket = Schemas["SeriesBucket"];

/** As uPlot takes it: times in seconds, and a null where the line is to be interrupted. */
export type Columns = { x: number[]; min: (number | null)[]; max: (number | null)[]; mean: (number | null)[] };
/** What was heard since a series was fetched. */
export type Heard = { at: number; fields: ReadonlyMap<string, Value> };

/** Intervals that a device may miss before a line is interrupted; after as many it counts as silent, too. */
const missed = 3;

/**
 * The longest time, in milliseconds, over which a line goes on: three times what is usual for this device, and this field. That is the
 * median of the times from one reading to the next; of `count` readings in a step they are taken to be even. `at`: milliseconds, oldest
 * first. `silence`: what to take for want of readings.
 */
export function gapOf(points: readonly { at: number; count: number }[], stepSeconds: number, silence: number): number {
  const intervals = points.slice(1).map(({ at }, n) => (at - (points[n]?.at ?? at)) / (points[n]?.count ?? 1));
  // Of a single one nobody knows whether it is usual.
  const usual = intervals.length < 2 ? silence / missed : median(intervals);
  return Math.max(1500 * stepSeconds, missed * usual);
}

/** The lower one of two, so that one long time among few is not taken for usual. */
function median(values: number[]): number {
  values.sort((a, b) => a - b);
  return values[Math.floor((values.length - 1) / 2)] ?? 0;
}

/** So long, in milliseconds, a reading may be on its way to the disk: a series that is asked for meanwhile lacks it. */
const underWay = 2000;

function push(into: Columns, x: number, min: number | null, max: number | null, mean: number | null): void {
  into.x.push(x);
  into.min.push(min);
  into.max.push(max);
  into.mean.push(mean);
}

/** What of a field was heard after a series was fetched; what was on its way to the disk then, too. */
const since = (heard: readonly Heard[], until: number) => heard.filter(({ at }) => at > until - underWay);

/** A field's buckets, and after them what was heard since, as columns; each bucket in its middle. Times in milliseconds. */
export function columnsOf(field: string, buckets: readonly Bucket[], stepSeconds: number, until: number, heard: readonly Heard[], silence: number): Columns {
  const columns: Columns = { x: [], min: [], max: [], mean: [] };
  const points = buckets.map((each) => ({ at: Math.min(Date.parse(each.start) + stepSeconds * 500, until), min: each.min, max: each.max, mean: each.mean, count: each.count }));
  for (const { at, fields } of since(heard, until)) {
    const value = fields.get(field);
    if (typeof value !== "number") continue;
    const last = points.at(-1);
    if (last === undefined || at > last.at) points.push({ at, min: value, max: value, mean: value, count: 1 });
    else {
      last.min = Math.min(last.min, value);
      last.max = Math.max(last.max, value);
    }
  }
  const gap = gapOf(points, stepSeconds, silence);
  let before: number | undefined;
  for (const { at, min, max, mean } of points) {
    if (before !== undefined && at - before > gap) push(columns, (before + gap / 2) / 1000, null, null, null);
    push(columns, at / 1000, min, max, mean);
    before = at;
  }
  return columns;
}

/** Where a line has no neighbour to be drawn to. */
export function alone({ mean }: Pick<Columns, "mean">): number[] {
  return mean.flatMap((each, n) => (each !== null && (mean[n - 1] ?? null) === null && (mean[n + 1] ?? null) === null ? [n] : []));
}

export type Summary = { lowest: number; highest: number; last: number };

export function summaryOf({ min, max, mean }: Columns): Summary | undefined {
  let lowest = Number.POSITIVE_INFINITY;
  let highest = Number.NEGATIVE_INFINITY;
  for (const each of min) if (each !== null && each < lowest) lowest = each;
  for (const each of max) if (each !== null && each > highest) highest = each;
  const last = mean.filter((each) => each !== null).at(-1);
  return last === undefined ? undefined : { lowest, highest, last };
}

/** A time in which a state lasted; null: nothing was heard. */
export type Span = { since: number; until: number; state: string | null };
/** A state as it was at a moment. */
export type Moment = { at: number; state: string; count: number };

/** Spans of one state each from what it was at each moment (oldest first), up to the end of the window. */
export function spansOf(moments: readonly Moment[], stepSeconds: number, silence: number, window: { since: number; until: number }): Span[] {
  const spans: Span[] = [];
  const gap = gapOf(moments, stepSeconds, silence);
  moments.forEach(({ at, state }, n) => {
    const next = moments[n + 1]?.at ?? window.until;
    const end = Math.min(next, at + gap, window.until);
    const since = Math.max(at, window.since);
    if (end <= since) return;
    const last = spans.at(-1);
    if (last !== undefined && last.state === state && last.until === since) last.until = end;
    else spans.push({ since, until: end, state });
    if (end < next && end < window.until) spans.push({ since: end, until: Math.min(next, window.until), state: null });
  });
  return spans;
}

/** What a field that is true or false was in each bucket. */
export function momentsOfBuckets(buckets: readonly Bucket[], words: { yes: string; no: string; both: string }): Moment[] {
  return buckets.map((each) => ({ at: Date.parse(each.start), count: each.count, state: each.min !== each.max ? words.both : each.max === 0 ? words.no : words.yes }));
}

/** What kinds of fields a device has, in the order of their names: what is drawn as a line, as yes and no, and as words. */
export function kindsOf(fields: ReadonlyMap<string, Value>): { numbers: string[]; flags: string[]; words: string[] } {
  const numbers: string[] = [];
  const flags: string[] = [];
  const words: string[] = [];
  for (const [field, value] of [...fields].sort(([a], [b]) => natural.compare(a, b))) {
    if (typeof value === "number") numbers.push(field);
    else if (typeof value === "boolean") flags.push(field);
    else if (typeof value === "string" && !/^\d{4}-\d\d-\d\dT/.test(value)) words.push(field);
  }
  return { numbers, flags, words };
}

/** The same in groups of at most so many. */
export function groupsOf<T>(all: readonly T[], most: number): T[][] {
  return Array.from({ length: Math.ceil(all.length / most) }, (_, n) => all.slice(n * most, (n + 1) * most));
}
