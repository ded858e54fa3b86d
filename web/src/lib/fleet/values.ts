import type { Formats } from "../i18n/i18n";
import { stepsOf } from "./field-name";
import type { Value } from "./fleet";
import type { fleetWords } from "./text";

type Words = (typeof fleetWords)["en"];

/** What names of fields end with, and the unit that it means. */
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
/** Fields whose name says it otherwise. */
const unitOfField: Readonly<Record<string, string>> = { wind_speed_ms: "m/s", pm2_5: "µg/m³", pm10: "µg/m³" };

/** The last key on the way: elements of an array are measured in what the array is. */
const lastOf = (field: string) => stepsOf(field).filter((step) => typeof step === "string").at(-1) ?? field;

/** Devices choose the names of their fields; none is looked up in what every object has. */
const entry = (of: Readonly<Record<string, string>>, name: string): string | undefined => (Object.hasOwn(of, name) ? of[name] : undefined);

export function unitOf(field: string): string | undefined {
  const name = lastOf(field);
  const words = name.split("_");
  return entry(unitOfField, name) ?? (words.length > 1 ? entry(units, words.at(-1) ?? "") : undefined);
}

/** What a field is called: with the way to it, for a device may have a temperature of its battery and one of the room. */
export function labelOf(field: string, words: Words): string {
  const way = [...stepsOf(field)];
  if (way.length > 1 && way[0] === "metrics" && typeof way[1] === "string") way.shift();
  const isLastKey = (n: number) => !way.slice(n + 1).some((step) => typeof step === "string");
  const label = way
    .map((step, n) => {
      if (typeof step === "number") return `[${step}]`;
      const parts = step.split("_");
      return ` ${entry(words.fields, step) ?? (isLastKey(n) && unitOf(field) !== undefined ? parts.slice(0, -1) : parts).join(" ")}`;
    })
    .join("")
    .trim();
  return label === "" ? JSON.stringify(way.join(".")) : label;
}

/** What fields that are shown together are called: those that would be called the same are spelled as they are. */
export function labelsOf(fields: Iterable<string>, words: Words): ReadonlyMap<string, string> {
  const labels = new Map([...fields].map((each) => [each, labelOf(each, words)]));
  // The spelling of one may be what another is called: until no two are the same.
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

/** The first few that say most: measurements before all else, no times. */
export function toShow(fields: ReadonlyMap<string, Value>, most: number): [string, Value][] {
  const rank = ([field, value]: [string, Value]) => (field.startsWith("metrics.") ? 0 : typeof value === "number" ? 1 : 2);
  return [...fields].filter(([, value]) => !isTime(value)).sort((a, b) => rank(a) - rank(b)).slice(0, most);
}
