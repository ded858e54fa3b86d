import { Center, Stack, Text } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useState } from "react";
import { Route, Router, Switch } from "wouter";

import { Failure } from "../components/Failure";
import { Page } from "../components/Page";
import { ToastsProvider } from "../components/Toasts";
import { AlertsWatch } from "../features/alerts/AlertsWatch";
import { SignIn } from "../features/session/SignIn";
import { SignInAgain } from "../features/session/SignInAgain";
import { sessionText } from "../features/session/text";
import { navigate, usePath } from "../lib/address";
import { FleetProvider } from "../lib/fleet/FleetProvider";
import { useText } from "../lib/i18n/LanguageProvider";
import { forgetKept } from "../lib/kept";
import { LiveProvider } from "../lib/LiveProvider";
import { type Ending, Session, remembered } from "../lib/session";
import { SessionProvider } from "../lib/SessionProvider";
import { PageBoundary } from "./PageBoundary";
import { routes } from "./routes";
import { Settings } from "./Settings";
import { NotFound, Shell } from "./Shell";
import { appText } from "./text";

/** How often it is looked whether the server is there again, in milliseconds. */
const lookAgain = 5000;

function Pages({ admin }: { admin: boolean }) {
  const text = useText(appText);
  return (
    <Switch>
      {routes
        .filter((each) => admin || !each.admin)
        .map(({ path, page: Shown }) => (
          <Route key={path} path={path}>
            {(params) => (
              <PageBoundary key={JSON.stringify(params)}>
                <Shown params={params} />
              </PageBoundary>
            )}
          </Route>
        ))}
      <Route>
        <Page title={text.notFound}>
          <NotFound />
        </Page>
      </Route>
    </Switch>
  );
}

/** Ends the session, for this tab too, when another tab signs out or signs somebody else in. */
function useOtherTabs(session: Session | undefined) {
  useEffect(() => {
    if (session === undefined) return;
    const changed = (event: StorageEvent) => {
      if (event.key !== remembered || event.newValue === session.person.email) return;
      session.end(event.newValue === null ? "signed out" : "replaced");
    };
    addEventListener("storage", changed);
    return () => removeEventListener("storage", changed);
  }, [session]);
}

export function App() {
  const text = useText(sessionText);
  const queries = useQueryClient();
  const [session, setSession] = useState<Session>();
  const [why, setWhy] = useState<Ending>();
  /** The server ended the sign-in, and what is open waits for the next. */
  const [expired, setExpired] = useState(false);
  const [entrance, setEntrance] = useState(0);
  const resumed = useQuery({ queryKey: ["resume"], queryFn: async () => (await Session.resume()) ?? null, staleTime: Number.POSITIVE_INFINITY, gcTime: Number.POSITIVE_INFINITY, refetchInterval: (query) => query.state.status === "error" && lookAgain });

  useEffect(() => {
    if (resumed.data) setSession(resumed.data);
  }, [resumed.data]);
  useEffect(() => {
    session?.whenEnded((ending) => {
      setExpired(ending === "ended");
      if (ending === "ended") return;
      if (ending === "signed out") navigate("/"); // else the address stays: who signs in again is back where they were
      setWhy(ending);
      setSession(undefined);
      // The next person sees nothing of this one's.
      queries.clear();
      forgetKept();
      queries.setQueryData(["resume"], null);
    });
  }, [session, queries]);
  const enter = useCallback(
    (next: Session) => {
      setExpired(false);
      if (next === session) {
        void queries.invalidateQueries();
        return;
      }
      // Somebody who may do something else: nothing stays of what was there.
      queries.clear();
      forgetKept();
      setSession(next);
      setEntrance((before) => before + 1);
    },
    [session, queries],
  );
  useOtherTabs(session);

  if (session !== undefined)
    return (
      <SessionProvider key={entrance} session={session}>
        <LiveProvider session={session}>
          <FleetProvider>
            <ToastsProvider>
              <Router hook={usePath}>
                <AlertsWatch />
                <Shell>
                  <Pages admin={session.person.admin} />
                </Shell>
              </Router>
            </ToastsProvider>
            {expired && <SignInAgain session={session} signedIn={enter} leave={() => session.end("signed out")} />}
          </FleetProvider>
        </LiveProvider>
      </SessionProvider>
    );
  if (resumed.isPending || resumed.data) return null; // a moment
  if (resumed.isError)
    return (
      <Center mih="100dvh" p="md" component="main">
        <Stack maw={480}>
          <Failure failure={resumed.error} retry={() => void resumed.refetch()} />
          <Text size="sm">{text.unreachable}</Text>
        </Stack>
      </Center>
    );
  return <SignIn why={why} signedIn={setSession} settings={<Settings />} />;
}
