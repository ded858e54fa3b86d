import type { Schemas } from "../api";

export type SecurityEvent = Schemas["SecurityEvent"];
export type Target = Schemas["EventTarget"];

/** Whether the event is about that, in the first place or among others. */
export function isAbout(event: SecurityEvent, type: string, id: string): boolean {
  return event.targets.some((each) => each.target_type === type && each.target_id === id);
}

/** What devices and clients do right all the time: as the server has it with `routine=false`. */
export function isRoutine(event: SecurityEvent): boolean {
  return event.status === "success" && ["device_auth", "reading_accept", "refresh"].includes(event.event_type);
}

/** Where the page of it is; undefined where it has none. */
export function wayTo({ target_type, target_id }: Target): string | undefined {
  if (target_type === "device") return `/devices/${target_id}`;
  if (target_type === "alert") return `/alerts?alert=${target_id}`;
  return undefined;
}
