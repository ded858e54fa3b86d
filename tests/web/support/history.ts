import type { Payload, Schemas } from "./api";
import type { Server } from "./server";

export const minute = 60_000;
export const hour = 60 * minute;
export const day = 24 * hour;

/** A deterministic pseudo-random number from 0 to 1. */
const pseudoRandom = (n: number) => Math.abs(Math.sin(n * 12.9898) * 43758.5453) % 1;
const rounded = (value: number) => Math.round(value * 10) / 10;

/** The payload of a weather station at a time: warm afternoons, cold nights, some noise. */
export function weather(at: number, seed = 0): Payload {
  const sun = Math.sin(((at % day) / day) * 2 * Math.PI - 2);
  const noise = pseudoRandom(at / minute + seed) - 0.5;
  return {
    metrics: {
      temperature_c: rounded(14 + seed + 6 * sun + 3 * Math.sin(at / (3 * day)) + noise),
      humidity_pct: Math.round(62 - 15 * sun + 6 * noise),
      wind_speed_ms: rounded(Math.max(0, 4 + 3 * Math.sin(at / (5 * hour)) + 2 * noise)),
      pressure_hpa: rounded(1014 + 2 * Math.sin(at / day) + noise / 2),
      rainfall_mm: rounded(Math.max(0, 2 * Math.sin(at / (7 * hour)) - 1.4)),
      uv_index: rounded(Math.max(0, 5 * sun)),
    },
    status: "outdoor",
  };
}

export type History = { device: Schemas["DeviceCredentials"]; since: number; until: number; interval: number; payloadAt: (at: number) => Payload };

/** Imports past readings: stops the server, runs its import command and starts it again. */
export async function importHistory(server: Server, histories: readonly History[]): Promise<void> {
  const lines: string[] = [];
  for (const { device, since, until, interval, payloadAt } of histories)
    for (let at = since; at < until; at += interval) lines.push(JSON.stringify({ device_id: device.device_id, received_at: new Date(at).toISOString(), payload: payloadAt(at) }));
  await server.stop();
  server.command(["import", "-"], lines.join("\n") + "\n");
  await server.start();
}
