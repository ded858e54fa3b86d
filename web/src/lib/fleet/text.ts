import type { Dictionary } from "../i18n/i18n";

const en = {
  health: { ok: "Speaking", silent: "Silent", blocked: "Blocked" },
  /** Names of the categories the server knows; of any other it says its own. */
  categories: {} as Readonly<Record<string, string>>,
  categoryExplained: {} as Readonly<Record<string, string>>,
  /** Names of fields of the categories the server knows; any other is called as it is spelled. */
  fields: {
    temperature_c: "temperature",
    humidity_pct: "humidity",
    wind_speed_ms: "wind speed",
    pressure_hpa: "pressure",
    rainfall_mm: "rainfall",
    uv_index: "UV index",
    comfort_index: "comfort",
    bitrate_mbps: "bit rate",
    latency_ms: "latency",
    packet_loss_pct: "packet loss",
    snapshot_taken: "snapshot",
    pm2_5: "PM2.5",
    pm10: "PM10",
    co2_ppm: "CO₂",
    voc_ppb: "VOC",
    battery_pct: "battery",
    jam_detected: "jam",
  } as Readonly<Record<string, string>>,
  yes: "yes",
  no: "no",
  nothing: "–",
};

const pl: typeof en = {
  health: { ok: "Nadaje", silent: "Milczy", blocked: "Zablokowane" },
  categories: {
    weather_station: "Stacja pogodowa",
    indoor_thermometer: "Termometr pokojowy",
    ip_camera: "Kamera IP",
    air_quality: "Czujnik jakości powietrza",
    smart_lock: "Inteligentny zamek",
  },
  categoryExplained: {
    weather_station: "Stacja zewnętrzna: temperatura, wilgotność, wiatr, ciśnienie, opady i UV.",
    indoor_thermometer: "Czujnik pokojowy temperatury i wilgotności ze wskaźnikiem komfortu.",
    ip_camera: "Kamera sieciowa, która podaje stan strumienia i to, co porusza się przed obiektywem.",
    air_quality: "Czujnik pyłu zawieszonego, dwutlenku węgla i lotnych związków organicznych.",
    smart_lock: "Zamek, który podaje swój stan, baterię i ostatniego użytkownika.",
  },
  fields: {
    temperature_c: "temperatura",
    humidity_pct: "wilgotność",
    wind_speed_ms: "prędkość wiatru",
    pressure_hpa: "ciśnienie",
    rainfall_mm: "opady",
    uv_index: "indeks UV",
    comfort_index: "komfort",
    bitrate_mbps: "przepływność",
    latency_ms: "opóźnienie",
    packet_loss_pct: "utrata pakietów",
    snapshot_taken: "zdjęcie",
    pm2_5: "PM2.5",
    pm10: "PM10",
    co2_ppm: "CO₂",
    voc_ppb: "LZO",
    battery_pct: "bateria",
    jam_detected: "zacięcie",
    status: "stan",
    metrics: "pomiary",
    last_action: "ostatnia czynność",
    user: "użytkownik",
    method: "sposób",
  },
  yes: "tak",
  no: "nie",
  nothing: "–",
};

export const fleetWords: Dictionary<typeof en> = { en, pl };
