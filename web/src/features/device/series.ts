import type { Schemas } from "../../lib/api";
import type { Value } from "../../lib/fleet/fleet";

type Bucket = Schemas["SeriesBucket"];

/** As uPlot takes it: times in seconds, and a null where the line is to be interrupted. */
export type Columns = { x: number[]; min: (number | null)[]; max: (number | null)[]; mean: (number | null)[] };
/** What was heard since a series was fetched. */
export type Heard = { at: number; fields: ReadonlyMap<string, Value> };

/** The longest time, in milliseconds, over which a line goes on: a device that may be silent that long has missed nothing. */
export function gapOf(stepSeconds: number, silence: number): number {
  return Math.max(1500 * stepSeconds, silence);
}

/** So long, in milliseconds, a reading may be on its way to the disk: a series that is asked for meanwhile lacks it. */
const underWay = 2000;

function push(into: Columns, x: number, min: number | null, max: number | null, mean: number | null): void {
  into.x.push(x);
  into.min.push(min);
  into.max.push(max);
  into.mean.push(mean);
}

/** A field's buckets, and after them what was heard since, as columns; each bucket in its middle. Times in milliseconds. */
export function columnsOf(field: string, buckets: readonly Bucket[], stepSeconds: number, until: number, heard: readonly Heard[], gap: number): Columns {
  const columns: Columns = { x: [], min: [], max: [], mean: [] };
  const add = (at: number, min: number, max: number, mean: number) => {
    const before = columns.x.at(-1);
    if (before !== undefined && at - before * 1000 > gap) push(columns, before + gap / 2000, null, null, null);
    push(columns, at / 1000, min, max, mean);
  };
  for (const each of buckets) add(Math.min(Date.parse(each.start) + stepSeconds * 500, until), each.min, each.max, each.mean);
  for (const { at, fields } of heard) {
    const value = fields.get(field);
    if (typeof value !== "number" || at <= until - underWay) continue;
    if (at / 1000 > (columns.x.at(-1) ?? 0)) add(at, value, value, value);
    else widen(columns, value);
  }
  return columns;
}

/** The last bucket, by a value that it may have or not. */
function widen({ min, max }: Columns, value: number): void {
  const last = min.length - 1;
  min[last] = Math.min(min[last] ?? value, value);
  max[last] = Math.max(max[last] ?? value, value);
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
export type Moment = { at: number; state: string };

/** Spans of one state each from what it was at each moment (oldest first), up to the end of the window. */
export function spansOf(moments: readonly Moment[], gap: number, window: { since: number; until: number }): Span[] {
  const spans: Span[] = [];
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
  return buckets.map((each) => ({ at: Date.parse(each.start), state: each.min !== each.max ? words.both : each.max === 0 ? words.no : words.yes }));
}

const order = new Intl.Collator("en", { numeric: true });

/** What kinds of fields a device has, in the order of their names: what is drawn as a line, as yes and no, and as words. */
export function kindsOf(fields: ReadonlyMap<string, Value>): { numbers: string[]; flags: string[]; words: string[] } {
  const numbers: string[] = [];
  const flags: string[] = [];
  const words: string[] = [];
  for (const [field, value] of [...fields].sort(([a], [b]) => order.compare(a, b))) {
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
