import { useQueryClient } from "@tanstack/react-query";
import { type ReactNode, createContext, useContext, useEffect, useRef, useState, useSyncExternalStore } from "react";

import { serverAddress } from "./base";
import { Live, type LiveEvent, type LiveState } from "./live";
import { LiveHub } from "./live-hub";
import type { Session } from "./session";

const Context = createContext<LiveHub | undefined>(undefined);

const schedule = (milliseconds: number, task: () => void) => {
  const timer = setTimeout(task, milliseconds);
  return () => clearTimeout(timer);
};

/** Owns the page's only live connection. */
export function LiveProvider({ session, children }: { session: Session; children: ReactNode }) {
  const queries = useQueryClient();
  const [hub] = useState(() => new LiveHub(schedule));
  useEffect(() => {
    const live = new Live({
      ticket: async (signal) => (await session.call<{ ticket: string }>("POST", "/live/ticket", undefined, signal)).ticket,
      open: () => new WebSocket(`${serverAddress().replace(/^http/, "ws")}/live`),
      subscriptions: [
        { id: "all", all: true },
        { id: "alerts", alerts: true },
        ...(session.person.admin ? [{ id: "audit", security_events: true } as const] : []),
      ],
      schedule,
      now: Date.now,
      onEvents: (events) => hub.add(events),
      onGap: () => hub.gap(),
      onState: (state, since) => {
        hub.setState(state, since);
        // Refetch what failed while the server was unreachable.
        if (state === "live") void queries.refetchQueries({ predicate: (query) => query.state.status === "error" && query.isActive() });
      },
    });
    const onReturn = () => {
      if (document.visibilityState === "visible") live.retryNow();
    };
    addEventListener("online", onReturn);
    document.addEventListener("visibilitychange", onReturn);
    session.onRenewed((token) => {
      live.renew(token);
      live.retryNow();
    });
    return () => {
      removeEventListener("online", onReturn);
      document.removeEventListener("visibilitychange", onReturn);
      session.onRenewed(() => undefined);
      live.stop();
      hub.stop();
    };
  }, [session, hub, queries]);
  return <Context.Provider value={hub}>{children}</Context.Provider>;
}

function useHub(): LiveHub {
  const hub = useContext(Context);
  if (hub === undefined) throw new Error("There is no LiveProvider.");
  return hub;
}

export function useLiveState(): LiveState {
  const hub = useHub();
  return useSyncExternalStore(hub.watchState, () => hub.state);
}

/** The time of the last message before the connection was lost, in milliseconds since 1970; undefined while it is live. */
export function useLostSince(): number | undefined {
  const hub = useHub();
  return useSyncExternalStore(hub.watchState, () => hub.lostSince);
}

/**
 * Subscribes to live events, delivered in batches a few times a second. `gap` is called if events were missed, so that the data must
 * be fetched again. Both functions may change at each rendering.
 */
export function useLive(events: (events: readonly LiveEvent[]) => void, gap: () => void): void {
  const hub = useHub();
  const latest = useRef({ events, gap });
  latest.current = { events, gap };
  useEffect(() => hub.listen({ onEvents: (received) => latest.current.events(received), onGap: () => latest.current.gap() }), [hub]);
}
