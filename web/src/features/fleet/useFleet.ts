import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";

import { call, type Category, type LatestDevice } from "../../lib/api";
import { Live, type LiveEvent, type LiveState } from "../../lib/live";
import type { Session } from "../../lib/session";
import { type Fleet, Rate, after, fleetOf } from "./fleet";

const nothing: Fleet = new Map();

export type LiveFleet = {
  fleet: Fleet;
  categories: readonly Category[];
  state: LiveState;
  loading: boolean;
  failure: Error | null;
  rate: Rate;
};

/** The fleet as it is now: fetched once, and kept up to date by what happens. */
export function useFleet(session: Session): LiveFleet {
  const [fleet, setFleet] = useState<Fleet>(nothing);
  const [state, setState] = useState<LiveState>("connecting");
  const rate = useRef(new Rate());
  const categories = useQuery({
    queryKey: ["categories"],
    queryFn: () => call<Category[]>("GET", "/devices/categories"),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const latest = useQuery({
    queryKey: ["latest"],
    queryFn: () => session.call<LatestDevice[]>("GET", "/devices/latest?include_simulated=true"),
  });
  const { data, refetch } = latest;
  // What happens while the fleet is fetched is put on top of it.
  const early = useRef<LiveEvent[] | undefined>([]);
  useEffect(() => {
    if (data === undefined) return;
    setFleet(after(fleetOf(data), early.current ?? []));
    early.current = undefined;
  }, [data]);
  useEffect(() => {
    const live = new Live({
      ticket: async () => (await session.call<{ ticket: string }>("POST", "/live/ticket")).ticket,
      open: () => new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/live`),
      later: (milliseconds, what) => {
        const timer = setTimeout(what, milliseconds);
        return () => clearTimeout(timer);
      },
      events: (events) => {
        rate.current.add(Date.now(), events.filter((each) => each.type === "reading").length);
        early.current?.push(...events);
        setFleet((known) => after(known, events));
      },
      gap: () => void refetch(),
      state: setState,
    });
    return () => live.stop();
  }, [session, refetch]);
  return {
    fleet,
    categories: categories.data ?? [],
    state,
    loading: latest.isPending,
    failure: latest.error ?? categories.error,
    rate: rate.current,
  };
}
