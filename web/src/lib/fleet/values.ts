import type { Formats } from "../i18n/i18n";
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

const lastOf = (field: string) => field.split(".").at(-1) ?? field;

export function unitOf(field: string): string | undefined {
  const name = lastOf(field);
  const words = name.split("_");
  return unitOfField[name] ?? (words.length > 1 ? units[words.at(-1) ?? ""] : undefined);
}

export function labelOf(field: string, words: Words): string {
  const name = lastOf(field);
  const known = words.fields[name];
  if (known !== undefined) return known;
  const parts = name.split("_");
  return (unitOf(field) === undefined ? parts : parts.slice(0, -1)).join(" ");
}

export function textOf(field: string, value: Value, words: Words, formats: Formats): string {
  if (value === null) return words.nothing;
  if (typeof value === "boolean") return value ? words.yes : words.no;
  if (typeof value !== "number") return value.replaceAll("_", " ");
  const unit = unitOf(field);
  const number = formats.number(value, 3);
  return unit === undefined ? number : `${number} ${unit}`;
}

const isTime = (value: Value) => typeof value === "string" && /^\d{4}-\d\d-\d\dT/.test(value);

/** The first few that say most: measurements before all else, no times. */
export function toShow(fields: ReadonlyMap<string, Value>, most: number): [string, Value][] {
  const rank = ([field, value]: [string, Value]) => (field.startsWith("metrics.") ? 0 : typeof value === "number" ? 1 : 2);
  return [...fields].filter(([, value]) => !isTime(value)).sort((a, b) => rank(a) - rank(b)).slice(0, most);
}
