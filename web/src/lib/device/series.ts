import type { Schemas } from "../api";
import type { Value } from "../fleet/fleet";
import { natural } from "../search";

type Bucket = Schemas["SeriesBucket"];

/** The data format of uPlot: times in seconds, null where the line breaks. */
export type Columns = { x: number[]; min: (number | null)[]; max: (number | null)[]; mean: (number | null)[] };
/** A live reading that arrived after the series was fetched. `at`: milliseconds. */
export type LiveReading = { at: number; fields: ReadonlyMap<string, Value> };

/** Intervals that a device may miss before its line breaks. After the same number it counts as silent. */
const missedIntervals = 3;

/**
 * The longest time, in milliseconds, that a line bridges: three times the usual interval of this field. The usual interval is the
 * median time between readings; the `count` readings of a step are assumed to be evenly spaced. `at`: milliseconds, oldest first.
 * `maxSilence`: the result if there are too few readings.
 */
export function gapOf(points: readonly { at: number; count: number }[], stepSeconds: number, maxSilence: number): number {
  const intervals = points.slice(1).map(({ at }, n) => (at - (points[n]?.at ?? at)) / (points[n]?.count ?? 1));
  // A single interval may not be typical.
  const usualInterval = intervals.length < 2 ? maxSilence / missedIntervals : median(intervals);
  return Math.max(1500 * stepSeconds, missedIntervals * usualInterval);
}

/** The lower median, so that one long interval among few is not taken as usual. */
function median(values: number[]): number {
  values.sort((a, b) => a - b);
  return values[Math.floor((values.length - 1) / 2)] ?? 0;
}

/** The longest delay, in milliseconds, until a reading is stored. A series fetched in between lacks it. */
const writeDelay = 2000;

function push(columns: Columns, x: number, min: number | null, max: number | null, mean: number | null): void {
  columns.x.push(x);
  columns.min.push(min);
  columns.max.push(max);
  columns.mean.push(mean);
}

/** The live readings that the series may lack: those after `until`, and those that were not yet stored then. */
const liveReadingsAfter = (liveReadings: readonly LiveReading[], until: number) => liveReadings.filter(({ at }) => at > until - writeDelay);

/** A field's buckets, each at its middle, followed by the live readings. Times in milliseconds. */
export function columnsOf(field: string, buckets: readonly Bucket[], stepSeconds: number, until: number, liveReadings: readonly LiveReading[], maxSilence: number): Columns {
  const columns: Columns = { x: [], min: [], max: [], mean: [] };
  const points = buckets.map((bucket) => ({ at: Math.min(Date.parse(bucket.start) + stepSeconds * 500, until), min: bucket.min, max: bucket.max, mean: bucket.mean, count: bucket.count }));
  for (const { at, fields } of liveReadingsAfter(liveReadings, until)) {
    const value = fields.get(field);
    if (typeof value !== "number") continue;
    const last = points.at(-1);
    if (last === undefined || at > last.at) points.push({ at, min: value, max: value, mean: value, count: 1 });
    else {
      last.min = Math.min(last.min, value);
      last.max = Math.max(last.max, value);
    }
  }
  const gap = gapOf(points, stepSeconds, maxSilence);
  let previous: number | undefined;
  for (const { at, min, max, mean } of points) {
    if (previous !== undefined && at - previous > gap) push(columns, (previous + gap / 2) / 1000, null, null, null);
    push(columns, at / 1000, min, max, mean);
    previous = at;
  }
  return columns;
}

/** The indexes of values without a neighbour, to which no line is drawn. */
export function isolatedPoints({ mean }: Pick<Columns, "mean">): number[] {
  return mean.flatMap((value, n) => (value !== null && (mean[n - 1] ?? null) === null && (mean[n + 1] ?? null) === null ? [n] : []));
}

export type Summary = { lowest: number; highest: number; last: number };

export function summaryOf({ min, max, mean }: Columns): Summary | undefined {
  let lowest = Number.POSITIVE_INFINITY;
  let highest = Number.NEGATIVE_INFINITY;
  for (const value of min) if (value !== null && value < lowest) lowest = value;
  for (const value of max) if (value !== null && value > highest) highest = value;
  const last = mean.filter((value) => value !== null).at(-1);
  return last === undefined ? undefined : { lowest, highest, last };
}

/** A time span of one state; null means that no reading arrived. */
export type Span = { since: number; until: number; state: string | null };
export type Moment = { at: number; state: string; count: number };

/** Merges states at moments (oldest first) into spans, up to the end of the window. */
export function spansOf(moments: readonly Moment[], stepSeconds: number, maxSilence: number, window: { since: number; until: number }): Span[] {
  const spans: Span[] = [];
  const gap = gapOf(moments, stepSeconds, maxSilence);
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

/** The state of a boolean field in each bucket. */
export function momentsOfBuckets(buckets: readonly Bucket[], words: { yes: string; no: string; both: string }): Moment[] {
  return buckets.map((bucket) => ({ at: Date.parse(bucket.start), count: bucket.count, state: bucket.min !== bucket.max ? words.both : bucket.max === 0 ? words.no : words.yes }));
}

/** Groups the fields by how they are drawn, each group in the order of names. Timestamps are left out. */
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

/** Splits the items into groups of at most `size`. */
export function groupsOf<T>(all: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, n) => all.slice(n * size, (n + 1) * size));
}
