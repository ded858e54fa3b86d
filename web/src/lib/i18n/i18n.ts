export type Language = "en" | "pl";

/** The languages there are, each by its own name. */
export const languages: Readonly<Record<Language, string>> = { en: "English", pl: "Polski" };

/** What a feature says, in every language. Polish is typed by English, so that nothing is missing. */
export type Dictionary<T> = Readonly<Record<Language, T>>;

/** The first of these (`navigator.languages`) that there is; English where none is. */
export function chosen(wanted: readonly string[]): Language {
  for (const each of wanted) {
    const language = each.toLowerCase().split("-")[0];
    if (language === "en" || language === "pl") return language;
  }
  return "en";
}

/**
 * A counted thing: `#` stands for the number. English has `one` and `other`; Polish `one`, `few`, `many` and, for fractions,
 * `other`.
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

/** Numbers and times as people of a language write them, in the viewer's zone unless another is given. */
export class Formats {
  private readonly numbers = new Map<number, Intl.NumberFormat>();
  private readonly measures = new Map<number, Intl.NumberFormat>();
  private readonly relative: Intl.RelativeTimeFormat;
  private readonly whole: Intl.DateTimeFormat;
  private readonly short: Intl.DateTimeFormat;
  private readonly hours: Intl.DateTimeFormat;

  constructor(
    private readonly language: Language,
    timeZone?: string,
  ) {
    const zone = timeZone === undefined ? {} : { timeZone };
    this.relative = new Intl.RelativeTimeFormat(language, { style: "narrow" });
    this.whole = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "medium", hourCycle: "h23", ...zone });
    this.short = new Intl.DateTimeFormat(language, { month: "short", day: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23", ...zone });
    this.hours = new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit", hourCycle: "h23", ...zone });
  }

  number(value: number, digits = 2): string {
    let format = this.numbers.get(digits);
    if (format === undefined) this.numbers.set(digits, (format = new Intl.NumberFormat(this.language, { maximumFractionDigits: digits })));
    return format.format(value);
  }

  /**
   * What was measured, as precisely as it was: so many significant digits at least, and so many decimals, without the noise of binary
   * fractions. What is very small or large is in powers of ten.
   */
  measured(value: number, significant = 6, decimals = 3): string {
    const size = Math.abs(value);
    if (Number.isSafeInteger(value) && size < 1e15) return this.number(value, 0);
    const far = size < 1e-4 || size >= 1e15;
    const digits = far ? Math.max(significant, size > 1 ? 15 : 0) : Math.max(significant, Math.floor(Math.log10(size)) + 1 + decimals);
    const key = far ? -digits : digits;
    let format = this.measures.get(key);
    if (format === undefined) this.measures.set(key, (format = new Intl.NumberFormat(this.language, { maximumSignificantDigits: digits, ...(far ? { notation: "scientific" } : {}) })));
    return format.format(value);
  }

  bytes(count: number): string {
    if (count < 1000) return `${this.number(count)} B`;
    return count < 1_000_000 ? `${this.number(count / 1000, 1)} kB` : `${this.number(count / 1_000_000, 1)} MB`;
  }

  /** Day and time, to the second. */
  time(at: number): string {
    return this.whole.format(at);
  }

  /** Day and time, to the minute, without the year. */
  shortTime(at: number): string {
    return this.short.format(at);
  }

  /** The time of day, to the minute. */
  clock(at: number): string {
    return this.hours.format(at);
  }

  /** How long ago, in the largest whole unit; what is to come (clocks differ) is now. */
  ago(at: number, now: number): string {
    const passed = Math.max(0, now - at);
    const [unit, length] = units.find(([, each]) => passed >= each) ?? ["second", 1000];
    return this.relative.format(-Math.floor(passed / length), unit);
  }
}
