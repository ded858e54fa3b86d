import { type ReactNode, createContext, useContext } from "react";

import type { Person, Session } from "./session";

const Context = createContext<Session | undefined>(undefined);

export function SessionProvider({ session, children }: { session: Session; children: ReactNode }) {
  return <Context.Provider value={session}>{children}</Context.Provider>;
}

/** The current session, for the hooks of the calls. REQUIRES: a SessionProvider, which exists only while somebody is signed in. */
export function useSession(): Session {
  const session = useContext(Context);
  if (session === undefined) throw new Error("Nobody is signed in.");
  return session;
}

/** Who is signed in. REQUIRES: as for `useSession`. */
export function usePerson(): Person {
  return useSession().person;
}
