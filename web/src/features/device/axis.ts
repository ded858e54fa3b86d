import type { Language } from "../../lib/i18n/i18n";
import type { Columns } from "./series";

const day = 86_400;

/** What stands below the lines of a time axis: as much as tells one from the next, and the day where a new one begins. */
export function labelsFor(language: Language, seconds: readonly number[], step: number): string[] {
  const time = new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit", hourCycle: "h23", ...(step < 60 ? { second: "2-digit" } : {}) });
  const date = new Intl.DateTimeFormat(language, { day: "numeric", month: "short" });
  const month = new Intl.DateTimeFormat(language, { month: "short", year: "numeric" });
  return seconds.map((each) => {
    const moment = new Date(each * 1000);
    if (step >= 28 * day) return month.format(moment);
    return step >= day || (moment.getHours() === 0 && moment.getMinutes() === 0 && moment.getSeconds() === 0) ? date.format(moment) : time.format(moment);
  });
}

/**
 * A power of ten by which values are divided before they are drawn: uPlot draws no axis for what is very large, and what is very small
 * has more digits than a label. 1 for everything else.
 */
export function factorOf({ min, max }: Pick<Columns, "min" | "max">): number {
  let largest = 0;
  for (const each of min) if (each !== null) largest = Math.max(largest, Math.abs(each));
  for (const each of max) if (each !== null) largest = Math.max(largest, Math.abs(each));
  return largest === 0 || (largest >= 1e-4 && largest < 1e12) ? 1 : Number(`1e${Math.max(-307, Math.floor(Math.log10(largest)))}`);
}

/** From the lowest to the highest, with some air, but none below zero; a line that stands still has room on both sides. */
export function scaleOf(min: number | null, max: number | null): [number, number] {
  if (min === null || max === null) return [0, 1];
  const air = max > min ? (max - min) * 0.08 : Math.abs(max) * 0.05 || 1;
  return [min >= 0 ? Math.max(0, min - air) : min - air, max + air];
}
