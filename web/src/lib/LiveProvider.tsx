import { useQueryClient } from "@tanstack/react-query";
import { type ReactNode, createContext, useContext, useEffect, useRef, useState, useSyncExternalStore } from "react";

import { serverAddress } from "./base";
import { Live, type LiveEvent, type LiveState } from "./live";
import { LiveHub } from "./live-hub";
import type { Session } from "./session";

const Context = createContext<LiveHub | undefined>(undefined);

const later = (milliseconds: number, what: () => void) => {
  const timer = setTimeout(what, milliseconds);
  return () => clearTimeout(timer);
};

/** The one live connection of the page. */
export function LiveProvider({ session, children }: { session: Session; children: ReactNode }) {
  const queries = useQueryClient();
  const [hub] = useState(() => new LiveHub(later));
  useEffect(() => {
    const live = new Live({
      ticket: async (signal) => (await session.call<{ ticket: string }>("POST", "/live/ticket", undefined, signal)).ticket,
      open: () => new WebSocket(`${serverAddress().replace(/^http/, "ws")}/live`),
      subscriptions: [
        { id: "all", all: true },
        { id: "alerts", alerts: true },
        ...(session.person.admin ? [{ id: "audit", security_events: true } as const] : []),
      ],
      later,
      now: Date.now,
      events: (events) => hub.take(events),
      gap: () => hub.gap(),
      state: (state, since) => {
        hub.setState(state, since);
        // What could not be fetched while the server wasn't there.
        if (state === "live") void queries.refetchQueries({ predicate: (query) => query.state.status === "error" && query.isActive() });
      },
    });
    const back = () => {
      if (document.visibilityState === "visible") live.retryNow();
    };
    addEventListener("online", back);
    document.addEventListener("visibilitychange", back);
    session.whenRenewed((token) => {
      live.renew(token);
      live.retryNow();
    });
    return () => {
      removeEventListener("online", back);
      document.removeEventListener("visibilitychange", back);
      session.whenRenewed(() => undefined);
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

/** While the connection is lost: since when nothing is known, in milliseconds since 1970. */
export function useLostSince(): number | undefined {
  const hub = useHub();
  return useSyncExternalStore(hub.watchState, () => hub.lostSince);
}

/**
 * What happens, a few times a second, many events at once; and `gap` where some were missed, so that what is shown has to be
 * fetched anew. Both may be other functions at each rendering.
 */
export function useLive(events: (events: readonly LiveEvent[]) => void, gap: () => void): void {
  const hub = useHub();
  const latest = useRef({ events, gap });
  latest.current = { events, gap };
  useEffect(() => hub.listen({ events: (heard) => latest.current.events(heard), gap: () => latest.current.gap() }), [hub]);
}
