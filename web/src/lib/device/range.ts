import type { QueryCodec } from "../address";

export const hour = 3_600_000;
export const day = 24 * hour;

/** The ranges that follow the clock, with their lengths in milliseconds. */
export const lengths = { hour, day, week: 7 * day, month: 30 * day, year: 365 * day } as const;
export type Length = keyof typeof lengths;

/** A time range in milliseconds: the last `length` up to now, or fixed bounds. */
export type Range = { kind: "last"; length: Length } | { kind: "fixed"; since: number; until: number };
export type Window = { since: number; until: number };

export function windowOf(range: Range, now: number): Window {
  return range.kind === "fixed" ? { since: range.since, until: range.until } : { since: now - lengths[range.length], until: now };
}

const isLength = (text: string): text is Length => Object.hasOwn(lengths, text);

/** `day`, or `2026-01-15T12:00:00.000Z~2026-01-15T13:00:00.000Z`. */
function rangeText(range: Range): string {
  return range.kind === "last" ? range.length : `${utc(range.since)}~${utc(range.until)}`;
}

function parseRange(word: string): Range | undefined {
  if (isLength(word)) return { kind: "last", length: word };
  const [since = Number.NaN, until = Number.NaN] = word.split("~").map((bound) => Date.parse(bound));
  return since < until ? { kind: "fixed", since, until } : undefined;
}

/** The current range and the ranges before each zoom, newest last. */
export type Zoom = { range: Range; previous: readonly Range[] };
const maxZooms = 8;

/** The zoom in the address. */
export const zoomCodec: QueryCodec<Zoom> = {
  names: ["range", "zoomed"],
  read: (from) => ({
    range: parseRange(from.get("range") ?? "hour") ?? { kind: "last", length: "hour" },
    previous: (from.get("zoomed") ?? "").split(",").flatMap((range) => parseRange(range) ?? []).slice(-maxZooms),
  }),
  write: ({ range, previous }, to) => {
    if (range.kind === "fixed" || range.length !== "hour") to.set("range", rangeText(range));
    if (previous.length > 0) to.set("zoomed", previous.slice(-maxZooms).map(rangeText).join(","));
  },
};

/** The shortest range of a zoom, in milliseconds. */
const minWindow = 10_000;

export function zoomed(since: number, until: number): Range {
  const middle = (since + until) / 2;
  const halfLength = Math.max(until - since, minWindow) / 2;
  return { kind: "fixed", since: Math.round(middle - halfLength), until: Math.round(middle + halfLength) };
}

/** Shifts the window by half its length, back (-1) or forward (1), but not beyond now. */
export function shifted(range: Range, now: number, direction: -1 | 1): Range {
  const { since, until } = windowOf(range, now);
  const offset = Math.min((direction * (until - since)) / 2, now - until);
  return { kind: "fixed", since: since + offset, until: until + offset };
}

/** The step, in milliseconds, by which a range that follows the clock moves: about one pixel. */
export function windowStep(range: Range): number {
  return range.kind === "fixed" ? Number.POSITIVE_INFINITY : Math.max(1000, lengths[range.length] / 1000);
}

/** The number of points to request: one per pixel, within the server's bounds. */
export function pointsFor(width: number): number {
  return Math.max(50, Math.min(2000, Math.round(width)));
}

export const utc = (at: number): string => new Date(at).toISOString();

/** The value of an <input type="datetime-local">, in the viewer's time zone. */
export function localInput(at: number): string {
  const moment = new Date(at);
  return new Date(at - moment.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
