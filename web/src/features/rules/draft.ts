import type { AlertRule } from "../../lib/alerts/alerts";
import type { Schemas } from "../../lib/api";
import { readFieldName } from "../../lib/fleet/field-name";
import type { rulesText } from "./text";

type Request = Schemas["AlertRuleRequest"];
export type Kind = Request["kind"];
export type Test = NonNullable<Request["test"]>;
export type Incident = NonNullable<Request["incident"]>;
export type ValueKind = "text" | "number" | "yes" | "no";
/** Of every device, of those of a category, or of one. */
export type Scope = { kind: "all" } | { kind: "category"; slug: string } | { kind: "device"; id: string | null };

/** A rule while it is written: numbers as they are typed. */
export type Draft = {
  name: string;
  severity: Request["severity"];
  enabled: boolean;
  scope: Scope;
  kind: Kind;
  field: string;
  test: Test;
  low: string;
  high: string;
  valueKind: ValueKind;
  value: string;
  hysteresis: string;
  hold: string;
  intervals: string;
  incident: Incident;
  count: string;
  within: string;
  quarantine: boolean;
  ownerMayRelease: boolean;
};

export const empty: Draft = {
  name: "",
  severity: "warning",
  enabled: true,
  scope: { kind: "all" },
  kind: "field",
  field: "",
  test: "above",
  low: "",
  high: "",
  valueKind: "text",
  value: "",
  hysteresis: "0",
  hold: "0",
  intervals: "3",
  incident: "refused_logins",
  count: "10",
  within: "300",
  quarantine: false,
  ownerMayRelease: false,
};

const typed = (value: number | null | undefined, otherwise: string) => (value === null || value === undefined ? otherwise : String(value));

function valueOf(value: unknown): Pick<Draft, "valueKind" | "value"> {
  if (typeof value === "boolean") return { valueKind: value ? "yes" : "no", value: "" };
  if (typeof value === "number") return { valueKind: "number", value: String(value) };
  return { valueKind: "text", value: typeof value === "string" ? value : "" };
}

export function draftOf(rule: AlertRule): Draft {
  return {
    name: rule.name,
    severity: rule.severity,
    enabled: rule.enabled,
    scope: rule.device_id !== null ? { kind: "device", id: rule.device_id } : rule.category !== null ? { kind: "category", slug: rule.category } : { kind: "all" },
    kind: rule.kind,
    field: rule.field ?? "",
    test: rule.test ?? empty.test,
    low: typed(rule.low, ""),
    high: typed(rule.high, ""),
    ...(rule.test === "changes_to" ? valueOf(rule.value) : { valueKind: empty.valueKind, value: "" }),
    hysteresis: typed(rule.hysteresis, empty.hysteresis),
    hold: typed(rule.hold_seconds, empty.hold),
    intervals: typed(rule.intervals, empty.intervals),
    incident: rule.incident ?? empty.incident,
    count: typed(rule.count, empty.count),
    within: typed(rule.within_seconds, empty.within),
    quarantine: rule.quarantine,
    ownerMayRelease: rule.owner_may_release,
  };
}

/** A number as people type it, with a comma or a point; NaN where it is none. */
export function numberOf(text: string): number {
  const plain = text.trim().replace(",", ".").replace("−", "-");
  return /^-?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(plain) ? Number(plain) : Number.NaN;
}

/** Incidents of no device can't be narrowed to devices, nor block one. */
export function isOfDevices({ kind, incident }: Draft): boolean {
  return kind !== "security" || incident === "device_flood";
}

/** Whether distinct accounts or devices are counted: fewer of them fit a rule. */
function countsThings(incident: Incident): boolean {
  return incident === "password_spraying" || incident === "device_probing";
}

/** A device that says nothing, and incidents of none, are no reason to block one. */
export function mayQuarantine(draft: Draft): boolean {
  return draft.kind !== "silence" && isOfDevices(draft);
}

export const usesLow = (test: Test) => test === "below" || test === "outside";
export const usesHigh = (test: Test) => test === "above" || test === "outside" || test === "changes_faster";

export type Problems = Partial<Record<"name" | "device" | "field" | "low" | "high" | "value" | "hysteresis" | "hold" | "intervals" | "count" | "within", string>>;

/** What the server would refuse, in words, by field. */
export function problemsOf(draft: Draft, text: (typeof rulesText)["en"]["problems"]): Problems {
  const problems: Problems = {};
  const whole = (value: string, least: number, most: number) => /^\d+$/.test(value.trim()) && Number(value) >= least && Number(value) <= most;
  const length = [...draft.name.trim()].length;
  if (length < 1 || length > 100) problems.name = text.name;
  if (isOfDevices(draft) && draft.scope.kind === "device" && draft.scope.id === null) problems.device = text.device;
  if (draft.kind === "silence" && !whole(draft.intervals, 1, 1000)) problems.intervals = text.intervals;
  if (draft.kind === "security") {
    const most = countsThings(draft.incident) ? 1000 : 100_000;
    if (!whole(draft.count, 1, most)) problems.count = text.count(most);
    if (!whole(draft.within, 1, 86_400)) problems.within = text.within;
  }
  if (draft.kind === "field") Object.assign(problems, problemsOfField(draft, text, whole));
  return problems;
}

const bytesOf = (text: string) => new TextEncoder().encode(text).length;

function problemsOfField(draft: Draft, text: (typeof rulesText)["en"]["problems"], whole: (value: string, least: number, most: number) => boolean): Problems {
  const problems: Problems = {};
  const { field } = draft;
  if (bytesOf(field) > 200 || !Array.isArray(readFieldName(field))) problems.field = text.field;
  if (!whole(draft.hold, 0, 86_400)) problems.hold = text.hold;
  if (draft.test === "changes_to") {
    const ok = draft.valueKind === "text" ? draft.value !== "" && bytesOf(JSON.stringify(draft.value)) <= 200 : draft.valueKind !== "number" || !Number.isNaN(numberOf(draft.value));
    if (!ok) problems.value = draft.valueKind === "number" ? text.number : text.value;
    return problems;
  }
  const low = numberOf(draft.low);
  const high = numberOf(draft.high);
  const back = numberOf(draft.hysteresis);
  if (usesLow(draft.test) && Number.isNaN(low)) problems.low = text.number;
  if (draft.test === "changes_faster" ? !(high > 0) : usesHigh(draft.test) && Number.isNaN(high)) problems.high = draft.test === "changes_faster" ? text.rate : text.number;
  if (draft.test === "outside" && low >= high) problems.high = text.order;
  if (!(back >= 0)) problems.hysteresis = text.hysteresis;
  else if (draft.test === "outside" && low < high && 2 * back > high - low) problems.hysteresis = text.hysteresisWide;
  else if (draft.test === "changes_faster" && back > high) problems.hysteresis = text.hysteresisRate;
  return problems;
}

function valueFrom({ valueKind, value }: Draft): string | number | boolean {
  switch (valueKind) {
    case "text":
      return value;
    case "number":
      return numberOf(value);
    case "yes":
      return true;
    case "no":
      return false;
  }
}

/** What is sent: of the condition only what belongs to its kind. */
export function requestOf(draft: Draft): Request {
  const { scope } = draft;
  const ofDevices = isOfDevices(draft);
  const common = {
    name: draft.name.trim(),
    severity: draft.severity,
    enabled: draft.enabled,
    category: ofDevices && scope.kind === "category" ? (scope.slug as NonNullable<Request["category"]>) : null,
    device_id: ofDevices && scope.kind === "device" ? scope.id : null,
    quarantine: draft.quarantine && mayQuarantine(draft),
    owner_may_release: draft.quarantine && draft.ownerMayRelease && mayQuarantine(draft),
  };
  switch (draft.kind) {
    case "silence":
      return { ...common, kind: "silence", intervals: Number(draft.intervals) };
    case "security":
      return { ...common, kind: "security", incident: draft.incident, count: Number(draft.count), within_seconds: Number(draft.within) };
    case "field": {
      const { test } = draft;
      const condition = { ...common, kind: "field" as const, field: draft.field, test, hold_seconds: Number(draft.hold) };
      if (test === "changes_to") return { ...condition, value: valueFrom(draft) };
      return { ...condition, ...(usesLow(test) ? { low: numberOf(draft.low) } : {}), ...(usesHigh(test) ? { high: numberOf(draft.high) } : {}), hysteresis: numberOf(draft.hysteresis) };
    }
  }
}
