import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useState } from "react";

import { FleetPage } from "../features/fleet/FleetPage";
import { SignIn } from "../features/session/SignIn";
import type { Session } from "../lib/session";
import { Shell } from "./Shell";

export function App() {
  const [session, setSession] = useState<Session>();
  const queries = useQueryClient();
  const ended = useCallback(() => {
    setSession(undefined);
    queries.clear(); // the next person sees nothing of this one's
  }, [queries]);

  if (session === undefined) return <SignIn ended={ended} signedIn={setSession} />;
  return (
    <Shell session={session}>
      <FleetPage session={session} />
    </Shell>
  );
}
