import { Alert, Button, Center, Paper, PasswordInput, Stack, Text, TextInput, Title } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";

import { ApiError } from "../../lib/api";
import { Session } from "../../lib/session";

function sentence(failure: Error): string {
  if (failure instanceof ApiError && failure.retryAfter !== undefined) return `${failure.detail} Try again in ${failure.retryAfter} s.`;
  return failure.message;
}

export function SignIn({ signedIn, ended }: { signedIn: (session: Session) => void; ended: () => void }) {
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const signIn = useMutation({ mutationFn: () => Session.signIn(email, password, ended), onSuccess: signedIn });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    signIn.mutate();
  };
  return (
    <Center mih="100dvh" p="md" component="main">
      <Paper withBorder p="xl" w="100%" maw={400}>
        <form onSubmit={submit}>
          <Stack>
            <Stack gap={4}>
              <Title order={1} size="h2">
                Breakwater
              </Title>
              <Text c="dimmed" size="sm">
                Sign in to see your fleet.
              </Text>
            </Stack>
            {signIn.error && (
              <Alert color="red" role="alert">
                {sentence(signIn.error)}
              </Alert>
            )}
            <TextInput label="E-mail" type="email" autoComplete="username" required autoFocus value={email} onChange={(event) => setEmail(event.currentTarget.value)} />
            <PasswordInput label="Password" autoComplete="current-password" required value={password} onChange={(event) => setPassword(event.currentTarget.value)} />
            <Button type="submit" loading={signIn.isPending}>
              Sign in
            </Button>
          </Stack>
        </form>
      </Paper>
    </Center>
  );
}
