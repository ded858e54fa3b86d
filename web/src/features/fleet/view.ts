import type { Device, Health } from "../../lib/fleet/fleet";

export type Filter = { text: string; category: string | null; health: Health | null };
export const everything: Filter = { text: "", category: null, health: null };

const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });

/** The devices in the order of their names; "Pump 9" before "Pump 10". */
export function byName(devices: readonly Device[]): Device[] {
  return [...devices].sort((a, b) => collator.compare(a.name, b.name) || (a.id < b.id ? -1 : 1));
}

export function fits(device: Device, filter: Filter, health: Health): boolean {
  const text = filter.text.trim().toLowerCase();
  return (
    (filter.category === null || device.category === filter.category) &&
    (filter.health === null || health === filter.health) &&
    (text === "" || device.name.toLowerCase().includes(text) || device.id.startsWith(text))
  );
}
