import { type ReactNode, createContext, useContext } from "react";

import type { Session } from "./session";

const Context = createContext<Session | undefined>(undefined);

export function SessionProvider({ session, children }: { session: Session; children: ReactNode }) {
  return <Context.Provider value={session}>{children}</Context.Provider>;
}

/** Who is signed in: below the shell there is always somebody. */
export function useSession(): Session {
  const session = useContext(Context);
  if (session === undefined) throw new Error("Nobody is signed in.");
  return session;
}
