import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";

import { type Schemas, queryOf } from "../../lib/api";
import { type Value, flatten, measuredAt } from "../../lib/fleet/fleet";
import { useLive } from "../../lib/LiveProvider";
import { useNow } from "../../lib/now";
import { useSession } from "../../lib/SessionProvider";
import { type Range, type Window, beatOf, lengths, utc, windowOf } from "./range";
import { type Heard, type Moment, gapOf, groupsOf } from "./series";

type Asked = { id: string; fields: readonly string[]; range: Range; simulated: boolean; points: number };

/** What follows the clock is fetched anew now and then, so that what was heard since doesn't grow for ever. */
const againAfter = (range: Range) => (range.kind === "fixed" ? false : Math.max(60_000, lengths[range.length] / 100));

/** What the server takes in one call. */
const fieldsAtOnce = 16;

/** Fields of a device over a time, as the server has them. What was there before stays in sight meanwhile. */
export function useSeries({ id, fields, range, simulated, points }: Asked) {
  const session = useSession();
  return useQuery({
    queryKey: ["device", id, "series", fields, range, simulated, points],
    queryFn: async ({ signal }) => {
      const { since, until } = windowOf(range, Date.now());
      const parts = await Promise.all(
        groupsOf(fields, fieldsAtOnce).map((group) => {
          const query = queryOf({ field: group.join(","), since: utc(since), until: utc(until), points, include_simulated: simulated });
          return session.call<Schemas["Series"]>("GET", `/devices/${id}/readings/series${query}`, undefined, signal);
        }),
      );
      return { series: parts.flatMap((each) => each.series), step_seconds: parts[0]?.step_seconds ?? 1, untilTime: until };
    },
    enabled: fields.length > 0,
    placeholderData: keepPreviousData,
    refetchInterval: againAfter(range),
  });
}

/** So many of its last readings tell how often a device speaks. */
const lastReadings = 10;

/** Of a device by its last readings: over how long a silence a line goes on, where a time has too few readings to tell. */
export function useUsualGap(id: string, simulated: boolean, silence: number): number {
  const session = useSession();
  const { data } = useQuery({
    queryKey: ["device", id, "last", simulated],
    queryFn: ({ signal }) => session.call<Schemas["Reading"][]>("GET", `/devices/${id}/readings${queryOf({ limit: lastReadings, include_simulated: simulated })}`, undefined, signal),
    staleTime: 60_000,
  });
  return useMemo(() => gapOf((data ?? []).map((each) => ({ at: measuredAt(each), count: 1 })).reverse(), 0, silence), [data, silence]);
}

const mostHeard = 2000;

/** What the device says while it is looked at, oldest first. */
export function useHeard(id: string, simulated: boolean, gap: () => void): readonly Heard[] {
  const [heard, setHeard] = useState<readonly Heard[]>([]);
  useLive((events) => {
    const fresh: Heard[] = [];
    for (const each of events) {
      if (each.type !== "reading" || each.reading.device_id !== id || (each.reading.simulated && !simulated)) continue;
      const fields = new Map<string, Value>();
      flatten(each.reading.payload, fields);
      fresh.push({ at: measuredAt(each.reading), fields });
    }
    if (fresh.length > 0) setHeard((all) => [...all, ...fresh].slice(-mostHeard));
  }, gap);
  return heard;
}

/** The time that is in sight: it moves on with the clock, and at once where something newer was heard. */
export function useWindow(range: Range, heard: readonly Heard[]): Window {
  const now = useNow();
  const beat = beatOf(range);
  const moment = range.kind === "fixed" ? 0 : Math.max(Math.floor(now / beat) * beat, Math.min(heard.at(-1)?.at ?? 0, now));
  return useMemo(() => windowOf(range, moment), [range, moment]);
}

const pages = 5;
export type States = { moments: ReadonlyMap<string, Moment[]>; readings: number; complete: boolean };

/** What fields of words said in a time: of its last few hundred readings, since no series has words. */
export function useStates({ id, fields, range, simulated }: Omit<Asked, "points">) {
  const session = useSession();
  return useQuery({
    queryKey: ["device", id, "states", fields, range, simulated],
    queryFn: async ({ signal }): Promise<States> => {
      const { since, until } = windowOf(range, Date.now());
      const moments = new Map<string, Moment[]>(fields.map((each) => [each, []]));
      let cursor: string | undefined;
      let readings = 0;
      for (let page = 0; page < pages; ++page) {
        const query = queryOf({ limit: 100, since: utc(since), until: utc(until), include_simulated: simulated, cursor });
        const { items, next } = await session.page<Schemas["Reading"]>(`/devices/${id}/readings${query}`, signal);
        for (const each of items) {
          const values = new Map<string, Value>();
          flatten(each.payload, values);
          const at = Date.parse(each.device_timestamp ?? each.received_at);
          for (const [field, list] of moments) {
            const value = values.get(field);
            if (typeof value === "string") list.push({ at, state: value, count: 1 });
          }
        }
        readings += items.length;
        cursor = next;
        if (next === undefined) break;
      }
      for (const list of moments.values()) list.sort((a, b) => a.at - b.at);
      return { moments, readings, complete: cursor === undefined };
    },
    enabled: fields.length > 0,
    placeholderData: keepPreviousData,
    refetchInterval: againAfter(range),
  });
}
