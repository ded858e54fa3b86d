import type { Language } from "@/lib/i18n/i18n";
import type { Columns } from "@/lib/device/series";

const day = 86_400;

/** Labels of a time axis: as precise as the step requires, and the date where a new day begins. */
export function timeLabels(language: Language, seconds: readonly number[], step: number): string[] {
  const time = new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit", hourCycle: "h23", ...(step < 60 ? { second: "2-digit" } : {}) });
  const date = new Intl.DateTimeFormat(language, { day: "numeric", month: "short" });
  const month = new Intl.DateTimeFormat(language, { month: "short", year: "numeric" });
  return seconds.map((second) => {
    const moment = new Date(second * 1000);
    if (step >= 28 * day) return month.format(moment);
    return step >= day || (moment.getHours() === 0 && moment.getMinutes() === 0 && moment.getSeconds() === 0) ? date.format(moment) : time.format(moment);
  });
}

/**
 * The power of ten by which values are divided before they are drawn: uPlot draws no axis for very large values, and very small ones
 * have more digits than a label has room for. 1 for all other values.
 */
export function scaleFactor({ min, max }: Pick<Columns, "min" | "max">): number {
  let largest = 0;
  for (const value of min) if (value !== null) largest = Math.max(largest, Math.abs(value));
  for (const value of max) if (value !== null) largest = Math.max(largest, Math.abs(value));
  return largest === 0 || (largest >= 1e-4 && largest < 1e12) ? 1 : Number(`1e${Math.max(-307, Math.floor(Math.log10(largest)))}`);
}

/** The axis range: minimum to maximum with a margin, which doesn't cross zero. A constant line has a margin on both sides. */
export function axisRange(min: number | null, max: number | null): [number, number] {
  if (min === null || max === null) return [0, 1];
  const margin = max > min ? (max - min) * 0.08 : Math.abs(max) * 0.05 || 1;
  return [min >= 0 ? Math.max(0, min - margin) : min - margin, max + margin];
}
