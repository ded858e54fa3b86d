import type { Schemas } from "@/lib/api";
import type { Formats } from "@/lib/i18n/i18n";
import { unitOf } from "@/lib/fleet/values";
import type { rulesText } from "./text";

type Words = (typeof rulesText)["en"]["sentence"];
/** The condition of a stored rule or of a draft. */
export type Condition = Schemas["AlertRuleRequest"];

export type Names = {
  category: (slug: string) => string;
  device: (id: string) => string | undefined;
  /** The expected interval between readings in seconds; undefined if unknown. */
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
  const hysteresis = rule.hysteresis ?? 0;
  const [condition, end] = {
    above: () => [words.above(field, amount(high)), words.overBelow(amount(high - hysteresis))],
    below: () => [words.below(field, amount(low)), words.overAbove(amount(low + hysteresis))],
    outside: () => [words.outside(field, amount(low), amount(high)), words.overBetween(amount(low + hysteresis), amount(high - hysteresis))],
    changes_to: () => [words.changes_to(field, valueText(rule.value, words, formats)), ""],
    changes_faster: () => [words.changes_faster(field, amount(high)), words.overRate(amount(high - hysteresis))],
  }[rule.test ?? "above"]() as [string, string];
  const hold = rule.hold_seconds ? words.hold(names.duration(rule.hold_seconds)) : "";
  return condition + hold + (hysteresis > 0 ? end : "");
}

function valueText(value: string | number | boolean | null | undefined, words: Words, formats: Formats): string {
  if (value === null || value === undefined) return words.nothing;
  if (typeof value === "number") return formats.measured(value);
  return typeof value === "boolean" ? String(value) : words.text(value);
}

/** Describes a rule in a sentence. `scoped`: whether the sentence names the devices. */
export function sentenceOf(rule: Condition, words: Words, names: Names, formats: Formats, scoped = true): string {
  const { category, device_id } = rule;
  const scope = device_id ? (names.device(device_id) ?? words.gone) : category ? words.category(names.category(category)) : words.everyDevice;
  const sentence = (condition: string) => (scoped ? words.rule(scope, condition) : `${condition.charAt(0).toLocaleUpperCase()}${condition.slice(1)}.`);
  const suffix = rule.quarantine ? ` ${words.blocks}` : "";
  switch (rule.kind) {
    case "field":
      return sentence(fieldCondition(rule, words, names, formats)) + suffix;
    case "silence": {
      const intervals = rule.intervals ?? 1;
      // Devices of a category may have different intervals, so no duration is given for a category.
      const interval = device_id ? names.interval(device_id) : undefined;
      const silence = words.silence(intervals);
      return sentence(interval === undefined ? silence : words.silenceFor(silence, names.duration(intervals * interval))) + suffix;
    }
    case "security": {
      const incident = rule.incident ?? "refused_logins";
      const count = rule.count ?? 1;
      const incidentText = words[incident](count);
      const condition = count === 1 ? incidentText : words.within(incidentText, names.duration(rule.within_seconds ?? 60));
      return (incident === "device_flood" ? sentence(condition) : `${condition}.`) + suffix;
    }
  }
}
