import type { QueryCodec } from "../address";
import { queryOf } from "../api";
import { type SecurityEvent, isAbout, isRoutine } from "./events";

export type { SecurityEvent };
export type Range = "hour" | "day" | "week" | "month" | "all" | "custom";

/** Empty texts match everything. `since` and `until` apply to the range `custom`, in the form `2026-01-15T13:00`. */
export type Filter = { range: Range; since: string; until: string; eventType: string; status: string; actorType: string; actorId: string; targetType: string; targetId: string; routine: boolean };
export const everything: Filter = { range: "all", since: "", until: "", eventType: "", status: "", actorType: "", actorId: "", targetType: "", targetId: "", routine: false };

const ranges: readonly Range[] = ["all", "hour", "day", "week", "month", "custom"];
const words = { since: "since", until: "until", eventType: "event", status: "status", actorType: "actor", actorId: "id", targetType: "about", targetId: "about_id" } as const;

/** The filter in the address. */
export const filterCodec: QueryCodec<Filter> = {
  names: ["range", "routine", ...Object.values(words)],
  read: (from) => {
    const filter: Filter = { ...everything, range: ranges.find((range) => range === from.get("range")) ?? "all", routine: from.get("routine") !== null };
    for (const [key, name] of Object.entries(words)) filter[key as keyof typeof words] = from.get(name) ?? "";
    return filter;
  },
  write: (filter, to) => {
    if (filter.range !== "all") to.set("range", filter.range);
    if (filter.routine) to.set("routine", "1");
    for (const [key, name] of Object.entries(words)) {
      const value = filter[key as keyof typeof words];
      if (value !== "") to.set(name, value);
    }
  },
};

/** A filter with resolved times, in milliseconds since 1970. */
export type EventQuery = Omit<Filter, "range" | "since" | "until"> & { from: number | undefined; to: number | undefined };

const hour = 3_600_000;
const lengths: Readonly<Record<Exclude<Range, "all" | "custom">, number>> = { hour, day: 24 * hour, week: 7 * 24 * hour, month: 30 * 24 * hour };

/** Parses a date-time field in the viewer's time zone. Undefined while it is incomplete. */
function momentOf(local: string): number | undefined {
  const at = Date.parse(local);
  return Number.isNaN(at) ? undefined : at;
}

export function eventQueryOf({ range, since, until, ...rest }: Filter, now: number): EventQuery {
  if (range === "custom") return { ...rest, from: momentOf(since), to: momentOf(until) };
  return { ...rest, from: range === "all" ? undefined : now - lengths[range], to: undefined };
}

/** The value of a date-time field, in the viewer's time zone, to the minute. */
export function localOf(moment: number): string {
  return new Date(moment - new Date(moment).getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

/** Changes the range. A custom range starts with the last day. */
export function withRange(filter: Filter, range: Range, now: number): Filter {
  return { ...filter, range, ...(range === "custom" && filter.since === "" ? { since: localOf(now - lengths.day) } : {}) };
}

/** The number of active filters. */
export function countOf(filter: Filter): number {
  return [filter.range !== "all", filter.eventType, filter.status, filter.actorType, filter.actorId, filter.targetType, filter.targetId, filter.routine].filter(Boolean).length;
}

/** A filter for an event type includes routine events of that type. */
function includesRoutine({ routine, eventType }: Pick<Filter, "routine" | "eventType">): boolean {
  return routine || eventType !== "";
}

export function pathOf(query: EventQuery, limit: number): string {
  const at = (moment: number | undefined) => (moment === undefined ? undefined : new Date(moment).toISOString());
  return `/admin/security-events${queryOf({
    limit,
    since: at(query.from),
    until: at(query.to),
    event_type: query.eventType,
    status: query.status,
    actor_type: query.actorType,
    actor_id: query.actorId.trim(),
    target_type: query.targetType,
    target_id: query.targetType === "" ? "" : query.targetId.trim(),
    routine: includesRoutine(query) ? undefined : "false",
  })}`;
}

/** Whether the server's list would contain the event. For live events. */
export function fits(event: SecurityEvent, query: EventQuery): boolean {
  const at = Date.parse(event.created_at);
  const matches = (expected: string, value: string | null) => expected === "" || expected === value;
  return (
    (query.from === undefined || at >= query.from) &&
    (query.to === undefined || at <= query.to) &&
    matches(query.eventType, event.event_type) &&
    matches(query.status, event.status) &&
    matches(query.actorType, event.actor_type) &&
    matches(query.actorId.trim(), event.actor_id) &&
    (query.targetType === "" || (query.targetId.trim() === "" ? event.target_type === query.targetType : isAbout(event, query.targetType, query.targetId.trim()))) &&
    (includesRoutine(query) || !isRoutine(event))
  );
}
