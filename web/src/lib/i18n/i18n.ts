export type Language = "en" | "pl";

/** The supported languages by their own names. */
export const languages: Readonly<Record<Language, string>> = { en: "English", pl: "Polski" };

/** The texts of a feature in every language. The English texts define the type, so that no Polish text is missing. */
export type Dictionary<T> = Readonly<Record<Language, T>>;

/** The first supported language among the locales (`navigator.languages`); English if there is none. */
export function preferredLanguage(locales: readonly string[]): Language {
  for (const locale of locales) {
    const language = locale.toLowerCase().split("-")[0];
    if (language === "en" || language === "pl") return language;
  }
  return "en";
}

/**
 * Returns a function that formats a count with the right plural form; `#` stands for the number. English has `one` and `other`; Polish
 * has `one`, `few`, `many` and, for fractions, `other`.
 */
export function counted(language: Language, forms: { one: string; few?: string; many?: string; other: string }): (count: number) => string {
  const rules = new Intl.PluralRules(language);
  const numbers = new Intl.NumberFormat(language);
  return (count) => {
    const form = rules.select(count);
    const text = (form === "one" || form === "few" || form === "many" ? forms[form] : undefined) ?? forms.other;
    return text.replace("#", numbers.format(count));
  };
}

const units: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
  ["second", 1000],
];

/** Formats numbers and times in a language, in the viewer's time zone unless another is given. */
export class Formats {
  private readonly numbers = new Map<number, Intl.NumberFormat>();
  private readonly measures = new Map<number, Intl.NumberFormat>();
  private readonly relative: Intl.RelativeTimeFormat;
  private readonly dateTime: Intl.DateTimeFormat;
  private readonly shortDateTime: Intl.DateTimeFormat;
  private readonly timeOfDay: Intl.DateTimeFormat;

  constructor(
    private readonly language: Language,
    timeZone?: string,
  ) {
    const zone = timeZone === undefined ? {} : { timeZone };
    this.relative = new Intl.RelativeTimeFormat(language, { style: "narrow" });
    this.dateTime = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "medium", hourCycle: "h23", ...zone });
    this.shortDateTime = new Intl.DateTimeFormat(language, { month: "short", day: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23", ...zone });
    this.timeOfDay = new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit", hourCycle: "h23", ...zone });
  }

  number(value: number, digits = 2): string {
    let format = this.numbers.get(digits);
    if (format === undefined) this.numbers.set(digits, (format = new Intl.NumberFormat(this.language, { maximumFractionDigits: digits })));
    return format.format(value);
  }

  /**
   * Formats a measurement with at least `significant` significant digits and `decimals` decimals, without the noise of binary
   * fractions. Very small and very large values are in scientific notation.
   */
  measured(value: number, significant = 6, decimals = 3): string {
    const size = Math.abs(value);
    if (Number.isSafeInteger(value) && size < 1e15) return this.number(value, 0);
    const isExtreme = size < 1e-4 || size >= 1e15;
    const digits = isExtreme ? Math.max(significant, size > 1 ? 15 : 0) : Math.max(significant, Math.floor(Math.log10(size)) + 1 + decimals);
    const key = isExtreme ? -digits : digits;
    let format = this.measures.get(key);
    if (format === undefined) this.measures.set(key, (format = new Intl.NumberFormat(this.language, { maximumSignificantDigits: digits, ...(isExtreme ? { notation: "scientific" } : {}) })));
    return format.format(value);
  }

  bytes(count: number): string {
    if (count < 1000) return `${this.number(count)} B`;
    return count < 1_000_000 ? `${this.number(count / 1000, 1)} kB` : `${this.number(count / 1_000_000, 1)} MB`;
  }

  /** Date and time, to the second. */
  time(at: number): string {
    return this.dateTime.format(at);
  }

  /** Date and time, to the minute, without the year. */
  shortTime(at: number): string {
    return this.shortDateTime.format(at);
  }

  /** The time of day, to the minute. */
  clock(at: number): string {
    return this.timeOfDay.format(at);
  }

  /** The elapsed time in the largest whole unit. Future times (clocks differ) count as now. */
  ago(at: number, now: number): string {
    const elapsed = Math.max(0, now - at);
    const [unit, length] = units.find(([, size]) => elapsed >= size) ?? ["second", 1000];
    return this.relative.format(-Math.floor(elapsed / length), unit);
  }
}
