import type { Api, Payload, Schemas } from "./api";
import { hour, minute, importHistory, weather } from "./history";
import type { Server } from "./server";

type Kind = Schemas["DeviceCredentials"]["category"];

const fleet: readonly (readonly [name: string, category: Kind])[] = [
  ["Roof station", "weather_station"],
  ["Harbour mast", "weather_station"],
  ["Vineyard north", "weather_station"],
  ["Vineyard south", "weather_station"],
  ["Airfield", "weather_station"],
  ["Server room", "indoor_thermometer"],
  ["Archive", "indoor_thermometer"],
  ["Lecture hall 1", "indoor_thermometer"],
  ["Lecture hall 2", "indoor_thermometer"],
  ["Greenhouse", "indoor_thermometer"],
  ["Gate camera", "ip_camera"],
  ["Car park camera", "ip_camera"],
  ["Loading bay camera", "ip_camera"],
  ["Library air", "air_quality"],
  ["Workshop air", "air_quality"],
  ["Canteen air", "air_quality"],
  ["Front door", "smart_lock"],
  ["Back door", "smart_lock"],
  ["Laboratory door", "smart_lock"],
  ["Bicycle cellar", "smart_lock"],
];

/** The payload of a device of the category at a time, without alerts. */
function normalPayload(category: Kind, at: number, seed: number): Payload {
  const wave = Math.sin(at / (40 * minute) + seed);
  const rounded = (value: number) => Math.round(value * 100) / 100;
  switch (category) {
    case "weather_station":
      return weather(at, seed % 3);
    case "indoor_thermometer":
      return { metrics: { temperature_c: rounded(21 + wave), humidity_pct: Math.round(45 + 4 * wave), comfort_index: rounded(0.8 + 0.1 * wave) }, status: "indoor" };
    case "ip_camera":
      return { metrics: { bitrate_mbps: rounded(4 + wave), latency_ms: Math.round(40 + 8 * wave), packet_loss_pct: rounded(0.2 + 0.1 * wave) }, status: wave > 0.6 ? "motion_detected" : "idle", snapshot_taken: wave > 0.6 };
    case "air_quality":
      return { metrics: { pm2_5: rounded(8 + 2 * wave), pm10: rounded(14 + 3 * wave), co2_ppm: Math.round(620 + 90 * wave), voc_ppb: Math.round(120 + 20 * wave) }, status: "good" };
    case "smart_lock":
      return { status: wave > 0 ? "locked" : "unlocked", battery_pct: 60 + (seed % 35), jam_detected: false, last_action: null };
  }
}

type DemoFleet = {
  idOf(name: string): string;
  /** Every device sends a reading now; some raise alerts. */
  sendReadings(): Promise<void>;
};

/** Payloads that raise alerts, by device name. */
const alertPayloads: Readonly<Record<string, Payload>> = {
  "Laboratory door": { status: "unlocked", battery_pct: 71, jam_detected: true, last_action: null },
  "Bicycle cellar": { status: "locked", battery_pct: 9, jam_detected: false, last_action: null },
  "Server room": { metrics: { temperature_c: 33.4, humidity_pct: 38, comfort_index: 0.31 }, status: "indoor" },
  Greenhouse: { metrics: { temperature_c: 34.9, humidity_pct: 71, comfort_index: 0.4 }, status: "indoor" },
};

/** Creates a realistic fleet of the administrator: one day of readings, one blocked device, some alerts. */
export async function populate(server: Server, api: Api, admin: Api): Promise<DemoFleet> {
  const members: { name: string; category: Kind; seed: number; device: Schemas["DeviceCredentials"] }[] = [];
  for (const [seed, [name, category]] of fleet.entries()) members.push({ name, category, seed, device: await admin.device(name, category) });
  const now = Date.now();
  await importHistory(
    server,
    members.map(({ category, seed, device }) => ({ device, since: now - 24 * hour, until: now, interval: 5 * minute, payloadAt: (at) => normalPayload(category, at, seed) })),
  );
  const idOf = (name: string) => members.find((member) => member.name === name)?.device.device_id ?? "";
  await admin.call("POST", `/devices/${idOf("Loading bay camera")}/deactivate`);
  const channels = await Promise.all(members.filter((member) => member.name !== "Loading bay camera").map(async (member) => ({ ...member, channel: await api.asDevice(member.device) })));
  const sendReadings = async () => {
    for (const { name, category, seed, channel } of channels) await channel.sendReading(alertPayloads[name] ?? normalPayload(category, Date.now(), seed));
  };
  await sendReadings();
  return { idOf, sendReadings };
}
