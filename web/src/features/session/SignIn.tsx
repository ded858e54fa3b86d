import { Alert, Anchor, Button, Center, Group, Paper, PasswordInput, Stack, Text, TextInput, Title } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { type FormEvent, type ReactNode, useEffect, useState } from "react";

import { Failure } from "../../components/Failure";
import { ApiError, jsonOf, request, type Schemas } from "../../lib/api";
import { addressOf } from "../../lib/base";
import { useText } from "../../lib/i18n/LanguageProvider";
import { type Ending, Session } from "../../lib/session";
import { sessionText } from "./text";

type Asked = {
  /** Why a sign-in ended, where one did. */
  why: Ending | undefined;
  signedIn: (session: Session) => void;
  /** Below the form. */
  settings: ReactNode;
};

/** The token of an invitation's link. It stands behind the `#`, so that no server and no log ever sees it before it is used. */
const invitationOf = (hash: string) => /^#invitation=([\w-]{43})$/.exec(hash)?.[1];

/** Whether anybody may make an account; unknown until the server says so. */
function useRegistration(): string | undefined {
  const { data } = useQuery({ queryKey: ["registration"], queryFn: async () => jsonOf<Schemas["Health"]>(await request("GET", "/healthz")), staleTime: 60_000 });
  return data?.registration;
}

/** The door: signing in, and making an account. */
export function SignIn({ why, signedIn, settings }: Asked) {
  const text = useText(sessionText);
  const [invitation, setInvitation] = useState(() => invitationOf(location.hash));
  const [making, setMaking] = useState(invitation !== undefined);
  const registration = useRegistration();
  const mayRegister = registration === "open" || (registration === "invite" && invitation !== undefined);
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const enter = useMutation({ mutationFn: () => (making ? Session.register(email, password, invitation) : Session.signIn(email, password)),
    onSuccess: (session) => {
      if (invitation !== undefined) history.replaceState(null, "", location.pathname);
      setInvitation(undefined);
      signedIn(session);
    },
  });
  const title = making ? text.register : text.signIn;
  useEffect(() => {
    document.title = `${title} · Breakwater`;
  }, [title]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    enter.mutate();
  };
  const status = enter.error instanceof ApiError ? enter.error.status : undefined;
  const advice = making && status === 400 ? text.taken : making && status === 403 ? text.notInvited : !making && status === 401 ? text.wrong : undefined;
  return (
    <Center mih="100dvh" p="md" component="main">
      <Stack w="100%" maw={400}>
        <Paper withBorder p="xl">
          <form onSubmit={submit}>
            <Stack>
              <Group gap="xs">
                <img src={addressOf("/docs/assets/favicon.svg")} alt="" width={28} height={28} />
                <Text fw={700} size="lg">
                  Breakwater
                </Text>
              </Group>
              <Stack gap={4}>
                <Title order={1} size="h2">
                  {title}
                </Title>
                <Text c="dimmed" size="sm">
                  {making ? (invitation === undefined ? text.registerExplained : text.invited) : text.signInExplained}
                </Text>
              </Stack>
              {why !== undefined && !enter.isError && (
                <Alert color={why === "signed out" ? "gray" : "orange"}>
                  <Text size="sm">{text.ended[why]}</Text>
                </Alert>
              )}
              <Failure failure={enter.error} advice={advice} />
              <TextInput label={text.email} type="email" autoComplete="username" required withAsterisk={false} autoFocus value={email} onChange={(event) => setEmail(event.currentTarget.value)} />
              <PasswordInput
                label={text.password}
                autoComplete={making ? "new-password" : "current-password"}
                required
                withAsterisk={false}
                {...(making ? { description: text.passwordRule, minLength: 8, maxLength: 128 } : {})}
                value={password}
                onChange={(event) => setPassword(event.currentTarget.value)}
              />
              <Button type="submit" loading={enter.isPending}>
                {title}
              </Button>
              {making || mayRegister ? (
                <Anchor
                  component="button"
                  type="button"
                  size="sm"
                  onClick={() => {
                    enter.reset();
                    setMaking(!making);
                  }}
                >
                  {making ? text.toSignIn : text.toRegister}
                </Anchor>
              ) : (
                registration !== undefined && (
                  <Text size="sm" c="dimmed">
                    {registration === "invite" ? text.byInvitation : text.closed}
                  </Text>
                )
              )}
            </Stack>
          </form>
        </Paper>
        {settings}
      </Stack>
    </Center>
  );
}
