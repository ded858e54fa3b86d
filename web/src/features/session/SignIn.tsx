import { Alert, Anchor, Button, Center, Group, Paper, PasswordInput, Stack, Text, TextInput, Title } from "@mantine/core";
import { type ReactNode, useEffect, useState } from "react";

import { Failure } from "@/components/Failure";
import { useRequestForm } from "@/components/form";
import { useRegister, useSignIn } from "@/lib/account/useSignIn";
import { ApiError } from "@/lib/api";
import { addressOf } from "@/lib/base";
import { useText } from "@/lib/i18n/LanguageProvider";
import { RegisterRequest, RegisterRequestBounds } from "@/lib/requests";
import { problemsIn } from "@/lib/schema";
import { useRegistration } from "@/lib/server/useHealth";
import type { Ending, Session } from "@/lib/session";
import { sessionText } from "./text";

type Props = {
  /** Why the previous session ended, if there was one. */
  ending: Ending | undefined;
  signedIn: (session: Session) => void;
  /** Shown below the form. */
  settings: ReactNode;
};

/** The token of an invitation link. It is in the hash, which browsers don't send, so it appears in no log before it is used. */
const invitationOf = (hash: string) => /^#invitation=([\w-]{43})$/.exec(hash)?.[1];

/** The page for signing in and for creating an account. */
export function SignIn({ ending, signedIn, settings }: Props) {
  const text = useText(sessionText);
  const [invitation, setInvitation] = useState(() => invitationOf(location.hash));
  const [registering, setRegistering] = useState(invitation !== undefined);
  const registration = useRegistration();
  const mayRegister = registration === "open" || (registration === "invite" && invitation !== undefined);
  const form = useRequestForm({
    initialValues: { email: "", password: "" },
    problemsOf: (request) => (registering ? problemsIn(RegisterRequest, request, { password: text.passwordRule }) : {}),
  });
  const enter = (session: Session) => {
    if (invitation !== undefined) history.replaceState(null, "", location.pathname);
    setInvitation(undefined);
    signedIn(session);
  };
  const signIn = useSignIn(enter);
  const register = useRegister(invitation, enter);
  const submission = registering ? register : signIn;
  const title = registering ? text.register : text.signIn;
  useEffect(() => {
    document.title = `${title} · Breakwater`;
  }, [title]);
  const submit = form.onSubmit((request) => submission.mutate(request, { onError: form.markRefused }));
  const status = submission.error instanceof ApiError ? submission.error.status : undefined;
  const refused = invitation !== undefined && registration !== "closed" ? text.notInvited : registration === "invite" ? text.byInvitation : text.closed;
  const advice = registering && status === 400 ? text.taken : registering && status === 403 ? refused : !registering && status === 401 ? text.wrong : undefined;
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
                  {registering ? (invitation === undefined ? text.registerExplained : text.invited) : text.signInExplained}
                </Text>
              </Stack>
              {ending !== undefined && !submission.isError && (
                <Alert color={ending === "signed out" ? "gray" : "orange"}>
                  <Text size="sm">{text.ended[ending]}</Text>
                </Alert>
              )}
              <Failure failure={submission.error} advice={advice} />
              {/* eslint-disable-next-line jsx-a11y/no-autofocus -- the page consists of this form */}
              <TextInput label={text.email} type="email" autoComplete="username" required withAsterisk={false} autoFocus {...form.getInputProps("email")} />
              <PasswordInput
                label={text.password}
                autoComplete={registering ? "new-password" : "current-password"}
                required
                withAsterisk={false}
                {...(registering ? { description: text.passwordRule, ...RegisterRequestBounds.password } : {})}
                {...form.getInputProps("password")}
              />
              <Button type="submit" loading={submission.isPending}>
                {title}
              </Button>
              {registering || mayRegister ? (
                <Anchor
                  component="button"
                  type="button"
                  size="sm"
                  onClick={() => {
                    submission.reset();
                    form.clearErrors();
                    setRegistering(!registering);
                  }}
                >
                  {registering ? text.toSignIn : text.toRegister}
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
