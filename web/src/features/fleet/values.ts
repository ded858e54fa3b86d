import type { Value } from "./fleet";

/** What names of fields end with, and the unit that it means. */
const units: Readonly<Record<string, string>> = {
  c: "°C",
  pct: "%",
  hpa: "hPa",
  mm: "mm",
  ppm: "ppm",
  ppb: "ppb",
  mbps: "Mbit/s",
  lux: "lx",
};

function partsOf(field: string): { name: string; unit: string | undefined } {
  const words = (field.split(".").at(-1) ?? field).split("_");
  const unit = words.length > 1 ? units[words.at(-1) ?? ""] : undefined;
  return { name: (unit === undefined ? words : words.slice(0, -1)).join(" "), unit };
}

export function labelOf(field: string): string {
  return partsOf(field).name;
}

export function textOf(field: string, value: Value): string {
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value !== "number") return String(value);
  const { unit } = partsOf(field);
  const rounded = String(Math.round(value * 1000) / 1000);
  return unit === undefined ? rounded : `${rounded} ${unit}`;
}

const isTime = (value: Value) => typeof value === "string" && /^\d{4}-\d\d-\d\dT/.test(value);

/** The first few that say most: measurements before all else, no times. */
export function toShow(fields: ReadonlyMap<string, Value>, most: number): [string, Value][] {
  const rank = ([field, value]: [string, Value]) => (field.startsWith("metrics.") ? 0 : typeof value === "number" ? 1 : 2);
  return [...fields].filter(([, value]) => !isTime(value)).sort((a, b) => rank(a) - rank(b)).slice(0, most);
}
