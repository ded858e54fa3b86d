import type { Language } from "../../lib/i18n/i18n";

const day = 86_400;

/** What stands below the lines of a time axis: as much as tells one from the next, and the day where a new one begins. */
export function labelsFor(language: Language, seconds: readonly number[], step: number): string[] {
  const time = new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit", hour12: false, ...(step < 60 ? { second: "2-digit" } : {}) });
  const date = new Intl.DateTimeFormat(language, { day: "numeric", month: "short" });
  const month = new Intl.DateTimeFormat(language, { month: "short", year: "numeric" });
  return seconds.map((each) => {
    const moment = new Date(each * 1000);
    if (step >= 28 * day) return month.format(moment);
    return step >= day || (moment.getHours() === 0 && moment.getMinutes() === 0 && moment.getSeconds() === 0) ? date.format(moment) : time.format(moment);
  });
}
