import type { Formats } from "../i18n/i18n";
import { stepsOf } from "./field-name";
import type { Value } from "./fleet";
import type { fleetWords } from "./text";

type Words = (typeof fleetWords)["en"];

/** Suffixes of field names and the units they stand for. */
const units: Readonly<Record<string, string>> = {
  c: "°C",
  pct: "%",
  hpa: "hPa",
  mm: "mm",
  ms: "ms",
  ppm: "ppm",
  ppb: "ppb",
  mbps: "Mbit/s",
  lux: "lx",
};
/** Fields whose suffix is missing or means another unit. */
const unitOfField: Readonly<Record<string, string>> = { wind_speed_ms: "m/s", pm2_5: "µg/m³", pm10: "µg/m³" };

/** The last key of the path: array elements have the unit of the array. */
const lastKeyOf = (field: string) => stepsOf(field).filter((step) => typeof step === "string").at(-1) ?? field;

/** Looks up own properties only: devices choose field names, such as `constructor`. */
const lookUp = (table: Readonly<Record<string, string>>, name: string): string | undefined => (Object.hasOwn(table, name) ? table[name] : undefined);

export function unitOf(field: string): string | undefined {
  const name = lastKeyOf(field);
  const words = name.split("_");
  return lookUp(unitOfField, name) ?? (words.length > 1 ? lookUp(units, words.at(-1) ?? "") : undefined);
}

/** The label of a field. It includes the path: a device may have a temperature of its battery and one of the room. */
export function labelOf(field: string, words: Words): string {
  const path = [...stepsOf(field)];
  if (path.length > 1 && path[0] === "metrics" && typeof path[1] === "string") path.shift();
  const isLastKey = (n: number) => !path.slice(n + 1).some((step) => typeof step === "string");
  const label = path
    .map((step, n) => {
      if (typeof step === "number") return `[${step}]`;
      const parts = step.split("_");
      return ` ${lookUp(words.fields, step) ?? (isLastKey(n) && unitOf(field) !== undefined ? parts.slice(0, -1) : parts).join(" ")}`;
    })
    .join("")
    .trim();
  return label === "" ? JSON.stringify(path.join(".")) : label;
}

/** Unique labels of fields that are shown together. Fields with equal labels are shown by their names. */
export function labelsOf(fields: Iterable<string>, words: Words): ReadonlyMap<string, string> {
  const labels = new Map([...fields].map((field) => [field, labelOf(field, words)]));
  // A name may equal another field's label, so repeat until all are unique.
  for (let changed = true; changed; ) {
    changed = false;
    const counts = new Map<string, number>();
    for (const label of labels.values()) counts.set(label.toLowerCase(), (counts.get(label.toLowerCase()) ?? 0) + 1);
    for (const [field, label] of labels)
      if (label !== field && (counts.get(label.toLowerCase()) ?? 0) > 1) {
        labels.set(field, field);
        changed = true;
      }
  }
  return labels;
}

export function textOf(field: string, value: Value, words: Words, formats: Formats): string {
  if (value === null) return words.nothing;
  if (typeof value === "boolean") return value ? words.yes : words.no;
  if (typeof value !== "number") return value.replaceAll("_", " ");
  const unit = unitOf(field);
  const number = formats.measured(value);
  return unit === undefined ? number : `${number} ${unit}`;
}

const isTime = (value: Value) => typeof value === "string" && /^\d{4}-\d\d-\d\dT/.test(value);

/** The most important fields: measurements first, no times. */
export function mainFields(fields: ReadonlyMap<string, Value>, limit: number): [string, Value][] {
  const rank = ([field, value]: [string, Value]) => (field.startsWith("metrics.") ? 0 : typeof value === "number" ? 1 : 2);
  return [...fields].filter(([, value]) => !isTime(value)).sort((a, b) => rank(a) - rank(b)).slice(0, limit);
}
