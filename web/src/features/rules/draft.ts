import type { AlertRule } from "@/lib/alerts/alerts";
import type { Schemas } from "@/lib/api";
import { readFieldName } from "@/lib/fleet/field-name";
import { AlertRuleRequest, AlertRuleRequestBounds } from "@/lib/requests";
import { invalidIn } from "@/lib/schema";
import type { rulesText } from "./text";

type Request = Schemas["AlertRuleRequest"];
export type Kind = Request["kind"];
export type Test = NonNullable<Request["test"]>;
export type Incident = NonNullable<Request["incident"]>;
export type ValueKind = "text" | "number" | "yes" | "no";
/** Every device, the devices of a category, or one device. */
export type Scope = { kind: "all" } | { kind: "category"; slug: string } | { kind: "device"; id: string | null };

/** A rule in the editor. Numbers are kept as typed. */
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

const numberText = (value: number | null | undefined, fallback: string) => (value === null || value === undefined ? fallback : String(value));

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
    low: numberText(rule.low, ""),
    high: numberText(rule.high, ""),
    ...(rule.test === "changes_to" ? valueOf(rule.value) : { valueKind: empty.valueKind, value: "" }),
    hysteresis: numberText(rule.hysteresis, empty.hysteresis),
    hold: numberText(rule.hold_seconds, empty.hold),
    intervals: numberText(rule.intervals, empty.intervals),
    incident: rule.incident ?? empty.incident,
    count: numberText(rule.count, empty.count),
    within: numberText(rule.within_seconds, empty.within),
    quarantine: rule.quarantine,
    ownerMayRelease: rule.owner_may_release,
  };
}

/** Parses a number with a decimal comma or point. NaN if it is none. */
export function numberOf(text: string): number {
  const plain = text.trim().replace(",", ".").replace("−", "-");
  return /^-?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(plain) ? Number(plain) : Number.NaN;
}

/** Parses a whole number. NaN if it is none. */
function wholeOf(text: string): number {
  return /^\d+$/.test(text.trim()) ? Number(text) : Number.NaN;
}

/** Whether the rule is about devices. Other incidents can't be limited to devices, nor block one. */
export function isOfDevices({ kind, incident }: Draft): boolean {
  return kind !== "security" || incident === "device_flood";
}

/** Whether the incident counts distinct accounts or devices, whose limit is lower. */
function countsDistinct(incident: Incident): boolean {
  return incident === "password_spraying" || incident === "device_probing";
}

/** Silence, and incidents that are not about a device, can't block a device. */
export function mayQuarantine(draft: Draft): boolean {
  return draft.kind !== "silence" && isOfDevices(draft);
}

export const usesLow = (test: Test) => test === "below" || test === "outside";
export const usesHigh = (test: Test) => test === "above" || test === "outside" || test === "changes_faster";

/** The fields of the draft whose names differ from the request's. */
export const fieldsOfRequest = { device_id: "scope", category: "scope", hold_seconds: "hold", within_seconds: "within", owner_may_release: "ownerMayRelease" } as const;

export type Problems = Partial<Record<"name" | "device" | "field" | "low" | "high" | "value" | "hysteresis" | "hold" | "intervals" | "count" | "within", string>>;

/** Returns what the server would refuse, as a message for each field. */
export function problemsOf(draft: Draft, text: (typeof rulesText)["en"]["problems"]): Problems {
  const problems: Problems = {};
  const invalid = invalidIn(AlertRuleRequest, requestOf(draft));
  if (invalid.has("name")) problems.name = text.name;
  if (isOfDevices(draft) && draft.scope.kind === "device" && draft.scope.id === null) problems.device = text.device;
  if (invalid.has("intervals")) problems.intervals = text.intervals;
  if (draft.kind === "security") {
    const maxCount = countsDistinct(draft.incident) ? 1000 : AlertRuleRequestBounds.count.max;
    if (invalid.has("count") || wholeOf(draft.count) > maxCount) problems.count = text.count(maxCount);
    if (invalid.has("within_seconds")) problems.within = text.within;
  }
  if (draft.kind === "field") Object.assign(problems, problemsOfField(draft, text, invalid));
  return problems;
}

const bytesOf = (text: string) => new TextEncoder().encode(text).length;

/** As `check` in server/domain/alert_rule.cpp: a larger hysteresis is a typing mistake. NaN without a limit. */
const maxHysteresis = (limit: number) => 100 * Math.max(1, Math.abs(limit));

function problemsOfField(draft: Draft, text: (typeof rulesText)["en"]["problems"], invalid: ReadonlySet<string>): Problems {
  const problems: Problems = {};
  const { field } = draft;
  if (invalid.has("field") || bytesOf(field) > 200 || !Array.isArray(readFieldName(field))) problems.field = text.field;
  if (invalid.has("hold_seconds")) problems.hold = text.hold;
  if (draft.test === "changes_to") {
    const isValid = draft.valueKind === "text" ? draft.value !== "" && bytesOf(JSON.stringify(draft.value)) <= 200 : draft.valueKind !== "number" || !Number.isNaN(numberOf(draft.value));
    if (!isValid) problems.value = draft.valueKind === "number" ? text.number : text.value;
    return problems;
  }
  const low = numberOf(draft.low);
  const high = numberOf(draft.high);
  const hysteresis = numberOf(draft.hysteresis);
  const largest = maxHysteresis(draft.test === "above" ? high : low);
  if (usesLow(draft.test) && Number.isNaN(low)) problems.low = text.number;
  if (draft.test === "changes_faster" ? !(high > 0) : usesHigh(draft.test) && Number.isNaN(high)) problems.high = draft.test === "changes_faster" ? text.rate : text.number;
  if (draft.test === "outside" && low >= high) problems.high = text.order;
  if (!(hysteresis >= 0)) problems.hysteresis = text.hysteresis;
  else if ((draft.test === "above" || draft.test === "below") && hysteresis > largest) problems.hysteresis = text.hysteresisLarge(String(largest));
  else if (draft.test === "outside" && low < high && hysteresis >= high / 2 - low / 2) problems.hysteresis = text.hysteresisWide;
  else if (draft.test === "changes_faster" && high > 0 && hysteresis >= high) problems.hysteresis = text.hysteresisRate;
  return problems;
}

function requestValue({ valueKind, value }: Draft): string | number | boolean {
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

/** Builds the request. It contains only the fields of the rule's kind. */
export function requestOf(draft: Draft): Request {
  const { scope } = draft;
  const forDevices = isOfDevices(draft);
  const common = {
    name: draft.name.trim(),
    severity: draft.severity,
    enabled: draft.enabled,
    category: forDevices && scope.kind === "category" ? (scope.slug as NonNullable<Request["category"]>) : null,
    device_id: forDevices && scope.kind === "device" ? scope.id : null,
    quarantine: draft.quarantine && mayQuarantine(draft),
    owner_may_release: draft.quarantine && draft.ownerMayRelease && mayQuarantine(draft),
  };
  switch (draft.kind) {
    case "silence":
      return { ...common, kind: "silence", intervals: wholeOf(draft.intervals) };
    case "security":
      return { ...common, kind: "security", incident: draft.incident, count: wholeOf(draft.count), within_seconds: wholeOf(draft.within) };
    case "field": {
      const { test } = draft;
      const condition = { ...common, kind: "field" as const, field: draft.field, test, hold_seconds: wholeOf(draft.hold) };
      if (test === "changes_to") return { ...condition, value: requestValue(draft) };
      return { ...condition, ...(usesLow(test) ? { low: numberOf(draft.low) } : {}), ...(usesHigh(test) ? { high: numberOf(draft.high) } : {}), hysteresis: numberOf(draft.hysteresis) };
    }
  }
}
