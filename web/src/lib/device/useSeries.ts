import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";

import { type Schemas, queryOf } from "../api";
import { type Value, flatten, measuredAt } from "../fleet/fleet";
import { useLive } from "../LiveProvider";
import { useNow } from "../now";
import { useSession } from "../SessionProvider";
import { type Range, type Window, windowStep, lengths, utc, windowOf } from "./range";
import { type LiveReading, type Moment, gapOf, groupsOf } from "./series";
import { deviceKey } from "./useDevice";

type SeriesQuery = { id: string; fields: readonly string[]; range: Range; simulated: boolean; points: number };

/** Ranges that follow the clock are refetched now and then, so that the live readings don't grow without bound. */
const refetchIntervalOf = (range: Range) => (range.kind === "fixed" ? false : Math.max(60_000, lengths[range.length] / 100));

/** The server's limit for one request. */
const maxFieldsPerRequest = 16;

/** Fetches series of the fields over the range. The previous data stays visible while loading. */
export function useSeries({ id, fields, range, simulated, points }: SeriesQuery) {
  const session = useSession();
  return useQuery({
    queryKey: [...deviceKey(id), "series", fields, range, simulated, points],
    queryFn: async ({ signal }) => {
      const { since, until } = windowOf(range, Date.now());
      const parts = await Promise.all(
        groupsOf(fields, maxFieldsPerRequest).map((group) => {
          const query = queryOf({ field: group.join(","), since: utc(since), until: utc(until), points, include_simulated: simulated });
          return session.call<Schemas["Series"]>("GET", `/devices/${id}/readings/series${query}`, undefined, signal);
        }),
      );
      return { series: parts.flatMap((part) => part.series), step_seconds: parts[0]?.step_seconds ?? 1, untilTime: until };
    },
    enabled: fields.length > 0,
    placeholderData: keepPreviousData,
    refetchInterval: refetchIntervalOf(range),
  });
}

/** The number of last readings from which the usual interval is derived. */
const sampledReadings = 10;

/** The longest gap that a line bridges, derived from the device's last readings. For ranges with too few readings. Milliseconds. */
export function useMaxSilence(id: string, simulated: boolean, fallback: number): number {
  const session = useSession();
  const { data } = useQuery({
    queryKey: [...deviceKey(id), "last", simulated],
    queryFn: ({ signal }) => session.call<Schemas["Reading"][]>("GET", `/devices/${id}/readings${queryOf({ limit: sampledReadings, include_simulated: simulated })}`, undefined, signal),
    staleTime: 60_000,
  });
  return useMemo(() => gapOf((data ?? []).map((reading) => ({ at: measuredAt(reading), count: 1 })).reverse(), 0, fallback), [data, fallback]);
}

const maxLiveReadings = 2000;

/** The live readings of the device, oldest first. */
export function useLiveReadings(id: string, simulated: boolean, onGap: () => void): readonly LiveReading[] {
  const [liveReadings, setLiveReadings] = useState<readonly LiveReading[]>([]);
  useLive((events) => {
    const received: LiveReading[] = [];
    for (const event of events) {
      if (event.type !== "reading" || event.reading.device_id !== id || (event.reading.simulated && !simulated)) continue;
      const fields = new Map<string, Value>();
      flatten(event.reading.payload, fields);
      received.push({ at: measuredAt(event.reading), fields });
    }
    if (received.length > 0) setLiveReadings((all) => [...all, ...received].slice(-maxLiveReadings));
  }, onGap);
  return liveReadings;
}

/** The visible time window. It moves with the clock, and at once when a newer reading arrives. */
export function useWindow(range: Range, liveReadings: readonly LiveReading[]): Window {
  const now = useNow();
  const step = windowStep(range);
  const moment = range.kind === "fixed" ? 0 : Math.max(Math.floor(now / step) * step, Math.min(liveReadings.at(-1)?.at ?? 0, now));
  return useMemo(() => windowOf(range, moment), [range, moment]);
}

const maxPages = 5;
export type States = { moments: ReadonlyMap<string, Moment[]>; readings: number; complete: boolean };

/** The states of text fields in the last 500 readings of the range: the series endpoint has numbers only. */
export function useStates({ id, fields, range, simulated }: Omit<SeriesQuery, "points">) {
  const session = useSession();
  return useQuery({
    queryKey: [...deviceKey(id), "states", fields, range, simulated],
    queryFn: async ({ signal }): Promise<States> => {
      const { since, until } = windowOf(range, Date.now());
      const moments = new Map<string, Moment[]>(fields.map((field) => [field, []]));
      let cursor: string | undefined;
      let readings = 0;
      for (let page = 0; page < maxPages; ++page) {
        const query = queryOf({ limit: 100, since: utc(since), until: utc(until), include_simulated: simulated, cursor });
        const { items, next } = await session.page<Schemas["Reading"]>(`/devices/${id}/readings${query}`, signal);
        for (const reading of items) {
          const values = new Map<string, Value>();
          flatten(reading.payload, values);
          const at = Date.parse(reading.device_timestamp ?? reading.received_at);
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
    refetchInterval: refetchIntervalOf(range),
  });
}
