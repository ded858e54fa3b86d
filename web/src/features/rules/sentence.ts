import type { Schemas } from "../../lib/api";
import type { Formats } from "../../lib/i18n/i18n";
import { unitOf } from "../../lib/fleet/values";
import type { rulesText } from "./text";

type Words = (typeof rulesText)["en"]["sentence"];
/** What a rule says; of a stored one and of one that is being written. */
export type Condition = Schemas["AlertRuleRequest"];

export type Names = {
  category: (slug: string) => string;
  device: (id: string) => string | undefined;
  /** How often the device is to speak, in seconds; undefined where it isn't known. */
  interval: (id: string) => number | undefined;
  field: (field: string) => string;
  duration: (seconds: number) => string;
};

function fieldCondition(rule: Condition, words: Words, names: Names, formats: Formats): string {
  const path = rule.field ?? "";
  const field = names.field(path);
  const unit = unitOf(path);
  const amount = (value: number) => (unit === undefined ? formats.measured(value) : `${formats.measured(value)}\u00a0${unit}`);
  const low = rule.low ?? 0;
  const high = rule.high ?? 0;
  const back = rule.hysteresis ?? 0;
  const [what, over] = {
    above: () => [words.above(field, amount(high)), words.overBelow(amount(high - back))],
    below: () => [words.below(field, amount(low)), words.overAbove(amount(low + back))],
    outside: () => [words.outside(field, amount(low), amount(high)), words.overBetween(amount(low + back), amount(high - back))],
    changes_to: () => [words.changes_to(field, valueText(rule.value, words, formats)), ""],
    changes_faster: () => [words.changes_faster(field, amount(high)), words.overRate(amount(high - back))],
  }[rule.test ?? "above"]() as [string, string];
  const hold = rule.hold_seconds ? words.hold(names.duration(rule.hold_seconds)) : "";
  return what + hold + (back > 0 ? over : "");
}

function valueText(value: unknown, words: Words, formats: Formats): string {
  if (value === null || value === undefined) return words.nothing;
  if (typeof value === "number") return formats.measured(value);
  return typeof value === "boolean" ? String(value) : words.text(String(value));
}

/** What a rule means, for people; whose it is, too, unless that is said beside it. */
export function sentenceOf(rule: Condition, words: Words, names: Names, formats: Formats, scoped = true): string {
  const { category, device_id } = rule;
  const scope = device_id ? (names.device(device_id) ?? words.gone) : category ? words.category(names.category(category)) : words.everyDevice;
  const sentence = (what: string) => (scoped ? words.rule(scope, what) : `${what.charAt(0).toLocaleUpperCase()}${what.slice(1)}.`);
  const ends = rule.quarantine ? ` ${words.blocks}` : "";
  switch (rule.kind) {
    case "field":
      return sentence(fieldCondition(rule, words, names, formats)) + ends;
    case "silence": {
      const intervals = rule.intervals ?? 1;
      // Those of a category may each have limits of their own.
      const interval = device_id ? names.interval(device_id) : undefined;
      const silence = words.silence(intervals);
      return sentence(interval === undefined ? silence : words.silenceFor(silence, names.duration(intervals * interval))) + ends;
    }
    case "security": {
      const incident = rule.incident ?? "refused_logins";
      const count = rule.count ?? 1;
      const what = words[incident](count);
      const within = count === 1 ? what : words.within(what, names.duration(rule.within_seconds ?? 60));
      return (incident === "device_flood" ? sentence(within) : `${within}.`) + ends;
    }
  }
}
