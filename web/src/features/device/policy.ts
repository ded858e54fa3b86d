import type { Schemas } from "@/lib/api";
import { PolicyRequest, PolicyRequestBounds } from "@/lib/requests";

export type Decided = Schemas["DecidedPolicy"];
export type Limit = keyof Decided;
/** The typed text of each limit; "" if it is not set. */
export type Draft = Record<Limit, string>;

export const limits = Object.keys(PolicyRequestBounds) as Limit[];

const record = <T>(valueOf: (limit: Limit) => T) => Object.fromEntries(limits.map((limit) => [limit, valueOf(limit)])) as Record<Limit, T>;

export const bounds: Readonly<Record<Limit, readonly [min: number, max: number]>> = record((limit) => [PolicyRequestBounds[limit].min, PolicyRequestBounds[limit].max] as const);

export const draftOf = (decided: Decided): Draft => record((limit) => (decided[limit] === null ? "" : String(decided[limit])));

/** NaN if the text is no whole number, null if it is empty. */
function limitOf(typed: string): number | null {
  const text = typed.trim();
  return text === "" ? null : /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
}

/** Whether the text is a valid limit or empty. */
export function isLimit(limit: Limit, typed: string): boolean {
  return PolicyRequest.shape[limit].safeParse(limitOf(typed)).success;
}

/** REQUIRES: `isLimit` holds for every entry. */
export const decidedOf = (draft: Draft): Decided => record((limit) => limitOf(draft[limit]));

/** Whether the draft shortens a retention period. `current`: days, 0 means for ever. */
export function keepsShorter(draft: Draft, current: Readonly<Record<Limit, number>>): boolean {
  return (["keep_readings_days", "keep_rollups_days"] as const).some((limit) => {
    const days = Number(draft[limit]);
    return draft[limit].trim() !== "" && days > 0 && (current[limit] === 0 || days < current[limit]);
  });
}
