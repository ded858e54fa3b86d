import { Center, Stack, Text } from "@mantine/core";
import { useCallback, useEffect, useState } from "react";
import { Route, Router, Switch } from "wouter";

import { Failure } from "@/components/Failure";
import { Page } from "@/components/Page";
import { Toasts } from "@/components/Toasts";
import { AlertsWatch } from "@/features/alerts/AlertsWatch";
import { SignIn } from "@/features/session/SignIn";
import { SignInAgain } from "@/features/session/SignInAgain";
import { sessionText } from "@/features/session/text";
import { useResumedSession, useSessionCache } from "@/lib/account/useSignIn";
import { navigate, usePath } from "@/lib/address";
import { FleetProvider } from "@/lib/fleet/FleetProvider";
import { useText } from "@/lib/i18n/LanguageProvider";
import { LiveProvider } from "@/lib/LiveProvider";
import { type Ending, type Session, rememberedEmailKey } from "@/lib/session";
import { SessionProvider } from "@/lib/SessionProvider";
import { PageBoundary } from "./PageBoundary";
import { routes } from "./routes";
import { Settings } from "./Settings";
import { NotFound, Shell } from "./Shell";
import { appText } from "./text";

function Pages({ admin }: { admin: boolean }) {
  const text = useText(appText);
  return (
    <Switch>
      {routes
        .filter((route) => admin || !route.admin)
        .map(({ path, page: PageComponent }) => (
          <Route key={path} path={path}>
            {(params) => (
              <PageBoundary key={JSON.stringify(params)}>
                <PageComponent params={params} />
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

/** Ends the session in this tab when another tab signs out or signs in as somebody else. */
function useOtherTabs(session: Session | undefined) {
  useEffect(() => {
    if (session === undefined) return;
    const onStorage = (event: StorageEvent) => {
      if (event.key !== rememberedEmailKey || event.newValue === session.person.email) return;
      session.end(event.newValue === null ? "signed out" : "replaced");
    };
    addEventListener("storage", onStorage);
    return () => removeEventListener("storage", onStorage);
  }, [session]);
}

export function App() {
  const text = useText(sessionText);
  const cache = useSessionCache();
  const [session, setSession] = useState<Session>();
  const [lastEnding, setLastEnding] = useState<Ending>();
  /** The server ended the session. The page stays open behind the sign-in dialog. */
  const [expired, setExpired] = useState(false);
  const [sessionCount, setSessionCount] = useState(0);
  const resumed = useResumedSession();

  useEffect(() => {
    if (resumed.data) setSession(resumed.data);
  }, [resumed.data]);
  useEffect(() => {
    session?.onEnded((ending) => {
      setExpired(ending === "ended");
      if (ending === "ended") return;
      if (ending === "signed out") navigate("/"); // otherwise the address stays, so signing in again returns to the same page
      setLastEnding(ending);
      setSession(undefined);
      cache.leave();
    });
  }, [session, cache]);
  const enterSession = useCallback(
    (next: Session) => {
      setExpired(false);
      if (next === session) {
        cache.refetch();
        return;
      }
      cache.discard(); // another account or role
      setSession(next);
      setSessionCount((count) => count + 1);
    },
    [session, cache],
  );
  useOtherTabs(session);

  if (session !== undefined)
    return (
      <SessionProvider key={sessionCount} session={session}>
        <LiveProvider session={session}>
          <FleetProvider>
            <Toasts />
            <Router hook={usePath}>
              <AlertsWatch />
              <Shell>
                <Pages admin={session.person.admin} />
              </Shell>
            </Router>
            {expired && <SignInAgain session={session} signedIn={enterSession} leave={() => session.end("signed out")} />}
          </FleetProvider>
        </LiveProvider>
      </SessionProvider>
    );
  if (resumed.isPending || resumed.data) return null; // resuming takes a moment
  if (resumed.isError)
    return (
      <Center mih="100dvh" p="md" component="main">
        <Stack maw={480}>
          <Failure failure={resumed.error} retry={() => void resumed.refetch()} />
          <Text size="sm">{text.unreachable}</Text>
        </Stack>
      </Center>
    );
  return <SignIn ending={lastEnding} signedIn={setSession} settings={<Settings />} />;
}
