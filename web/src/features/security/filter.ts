import type { Wording } from "../../lib/address";
import { queryOf } from "../../lib/api";
import { type SecurityEvent, isAbout, isRoutine } from "../../lib/events/events";

export type { SecurityEvent };
export type Range = "hour" | "day" | "week" | "month" | "all" | "custom";

/** What is looked for; an empty text is anything. `since` and `until` count with the range `custom`, as `2026-01-15T13:00`. */
export type Filter = { range: Range; since: string; until: string; eventType: string; status: string; actorType: string; actorId: string; targetType: string; targetId: string; routine: boolean };
export const everything: Filter = { range: "all", since: "", until: "", eventType: "", status: "", actorType: "", actorId: "", targetType: "", targetId: "", routine: false };

const ranges: readonly Range[] = ["all", "hour", "day", "week", "month", "custom"];
const words = { since: "since", until: "until", eventType: "event", status: "status", actorType: "actor", actorId: "id", targetType: "about", targetId: "about_id" } as const;

/** As the address has it. */
export const filterWording: Wording<Filter> = {
  names: ["range", "routine", ...Object.values(words)],
  read: (from) => {
    const filter: Filter = { ...everything, range: ranges.find((each) => each === from.get("range")) ?? "all", routine: from.get("routine") !== null };
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

/** A filter with its times made certain, in milliseconds since 1970. */
export type Question = Omit<Filter, "range" | "since" | "until"> & { from: number | undefined; to: number | undefined };

const hour = 3_600_000;
const lengths: Readonly<Record<Exclude<Range, "all" | "custom">, number>> = { hour, day: 24 * hour, week: 7 * 24 * hour, month: 30 * 24 * hour };

/** What a date-time field says, in the viewer's zone; undefined where it says nothing yet. */
function momentOf(local: string): number | undefined {
  const at = Date.parse(local);
  return Number.isNaN(at) ? undefined : at;
}

export function questionOf({ range, since, until, ...rest }: Filter, now: number): Question {
  if (range === "custom") return { ...rest, from: momentOf(since), to: momentOf(until) };
  return { ...rest, from: range === "all" ? undefined : now - lengths[range], to: undefined };
}

/** As a date-time field has it, in the viewer's zone, to the minute. */
export function localOf(moment: number): string {
  return new Date(moment - new Date(moment).getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

/** The filter with another time; one's own begins with the last day. */
export function withRange(filter: Filter, range: Range, now: number): Filter {
  return { ...filter, range, ...(range === "custom" && filter.since === "" ? { since: localOf(now - lengths.day) } : {}) };
}

/** How many things are looked for. */
export function countOf(filter: Filter): number {
  return [filter.range !== "all", filter.eventType, filter.status, filter.actorType, filter.actorId, filter.targetType, filter.targetId, filter.routine].filter(Boolean).length;
}

/** Whoever looks for a kind of event wants it, routine or not. */
function wantsRoutine({ routine, eventType }: Pick<Filter, "routine" | "eventType">): boolean {
  return routine || eventType !== "";
}

export function pathOf(question: Question, limit: number): string {
  const at = (moment: number | undefined) => (moment === undefined ? undefined : new Date(moment).toISOString());
  return `/admin/security-events${queryOf({
    limit,
    since: at(question.from),
    until: at(question.to),
    event_type: question.eventType,
    status: question.status,
    actor_type: question.actorType,
    actor_id: question.actorId.trim(),
    target_type: question.targetType,
    target_id: question.targetType === "" ? "" : question.targetId.trim(),
    routine: wantsRoutine(question) ? undefined : "false",
  })}`;
}

/** Whether the server would list it: for events that are heard of while the list is shown. */
export function fits(event: SecurityEvent, question: Question): boolean {
  const at = Date.parse(event.created_at);
  const is = (wanted: string, value: string | null) => wanted === "" || wanted === value;
  return (
    (question.from === undefined || at >= question.from) &&
    (question.to === undefined || at <= question.to) &&
    is(question.eventType, event.event_type) &&
    is(question.status, event.status) &&
    is(question.actorType, event.actor_type) &&
    is(question.actorId.trim(), event.actor_id) &&
    (question.targetType === "" || (question.targetId.trim() === "" ? event.target_type === question.targetType : isAbout(event, question.targetType, question.targetId.trim()))) &&
    (wantsRoutine(question) || !isRoutine(event))
  );
}
