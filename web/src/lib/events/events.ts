import type { Schemas } from "../api";

export type SecurityEvent = Schemas["SecurityEvent"];
export type Target = Schemas["EventTarget"];

/** Whether the target is among the event's targets. */
export function isAbout(event: SecurityEvent, type: string, id: string): boolean {
  return event.targets.some((target) => target.target_type === type && target.target_id === id);
}

/** Frequent successful events, which the server leaves out with `routine=false`. */
export function isRoutine(event: SecurityEvent): boolean {
  return event.status === "success" && ["device_auth", "reading_accept", "refresh"].includes(event.event_type);
}

/** The path of the target's page; undefined if it has none. */
export function pathTo({ target_type, target_id }: Target): string | undefined {
  if (target_type === "device") return `/devices/${target_id}`;
  if (target_type === "alert") return `/alerts?alert=${target_id}`;
  return undefined;
}
