import type { Wording } from "../../lib/address";

export const hour = 3_600_000;
export const day = 24 * hour;

/** The names of the ranges that follow the clock, and how long they are. */
export const lengths = { hour, day, week: 7 * day, month: 30 * day, year: 365 * day } as const;
export type Length = keyof typeof lengths;

/** What is looked at, in milliseconds: the time up to now, whenever that is, or one that stands still. */
export type Range = { kind: "last"; length: Length } | { kind: "fixed"; since: number; until: number };
export type Window = { since: number; until: number };

export function windowOf(range: Range, now: number): Window {
  return range.kind === "fixed" ? { since: range.since, until: range.until } : { since: now - lengths[range.length], until: now };
}

const named = (text: string): text is Length => Object.hasOwn(lengths, text);

/** `day`, or `2026-01-15T12:00:00.000Z~2026-01-15T13:00:00.000Z`. */
function wordOf(range: Range): string {
  return range.kind === "last" ? range.length : `${utc(range.since)}~${utc(range.until)}`;
}

function rangeOf(word: string): Range | undefined {
  if (named(word)) return { kind: "last", length: word };
  const [since = Number.NaN, until = Number.NaN] = word.split("~").map((each) => Date.parse(each));
  return since < until ? { kind: "fixed", since, until } : undefined;
}

/** What is looked at, and what was before it was zoomed into, the last one last. */
export type Zoom = { range: Range; before: readonly Range[] };
const mostZooms = 8;

/** As the address has it. */
export const zoomWording: Wording<Zoom> = {
  names: ["range", "zoomed"],
  read: (from) => ({
    range: rangeOf(from.get("range") ?? "hour") ?? { kind: "last", length: "hour" },
    before: (from.get("zoomed") ?? "").split(",").flatMap((each) => rangeOf(each) ?? []).slice(-mostZooms),
  }),
  write: ({ range, before }, to) => {
    if (range.kind === "fixed" || range.length !== "hour") to.set("range", wordOf(range));
    if (before.length > 0) to.set("zoomed", before.slice(-mostZooms).map(wordOf).join(","));
  },
};

/** The shortest that can be zoomed into: below it nothing more is to be seen. */
const shortest = 10_000;

export function zoomed(since: number, until: number): Range {
  const middle = (since + until) / 2;
  const half = Math.max(until - since, shortest) / 2;
  return { kind: "fixed", since: Math.round(middle - half), until: Math.round(middle + half) };
}

/** The window as long before (-1) or after (1), half a window on; not beyond now. */
export function shifted(range: Range, now: number, direction: -1 | 1): Range {
  const { since, until } = windowOf(range, now);
  const by = Math.min((direction * (until - since)) / 2, now - until);
  return { kind: "fixed", since: since + by, until: until + by };
}

/** How often what follows the clock moves on: when it would by about a pixel. */
export function beatOf(range: Range): number {
  return range.kind === "fixed" ? Number.POSITIVE_INFINITY : Math.max(1000, lengths[range.length] / 1000);
}

/** What the server takes: one for each pixel, within its bounds. */
export function pointsFor(width: number): number {
  return Math.max(50, Math.min(2000, Math.round(width)));
}

export const utc = (at: number): string => new Date(at).toISOString();

/** As <input type="datetime-local"> has it, in the viewer's zone. */
export function localInput(at: number): string {
  const moment = new Date(at);
  return new Date(at - moment.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
