import type { Schemas } from "../../lib/api";

export type Decided = Schemas["DecidedPolicy"];
export type Limit = keyof Decided;
/** As typed; "" where nothing is decided. */
export type Draft = Record<Limit, string>;

/** What the API takes: PolicyRequest of docs/openapi.json, which a test compares. */
export const bounds: Readonly<Record<Limit, readonly [least: number, most: number]>> = {
  min_interval_ms: [0, 86_400_000],
  payload_limit_bytes: [2, 1_000_000],
  backfill_per_second: [1, 1_000_000],
  backfill_burst: [1, 10_000_000],
  keep_readings_days: [0, 36_500],
  keep_rollups_days: [0, 36_500],
};
export const limits = Object.keys(bounds) as Limit[];

const record = <T>(of: (limit: Limit) => T) => Object.fromEntries(limits.map((each) => [each, of(each)])) as Record<Limit, T>;

export const draftOf = (decided: Decided): Draft => record((each) => (decided[each] === null ? "" : String(decided[each])));

/** Whether that is a limit, or nothing. */
export function isLimit(limit: Limit, typed: string): boolean {
  const [least, most] = bounds[limit];
  const text = typed.trim();
  return text === "" || (/^\d{1,9}$/.test(text) && Number(text) >= least && Number(text) <= most);
}

/** REQUIRES: each `isLimit`. */
export const decidedOf = (draft: Draft): Decided => record((each) => (draft[each].trim() === "" ? null : Number(draft[each])));

/** Whether it would remove what is kept now: `now` days, 0 for ever. */
export function keepsShorter(draft: Draft, now: Readonly<Record<Limit, number>>): boolean {
  return (["keep_readings_days", "keep_rollups_days"] as const).some((each) => {
    const days = Number(draft[each]);
    return draft[each].trim() !== "" && days > 0 && (now[each] === 0 || days < now[each]);
  });
}
