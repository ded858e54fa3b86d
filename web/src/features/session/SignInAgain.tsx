import { Alert, Button, Group, Modal, PasswordInput, Stack, Text, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";

import { Failure } from "../../components/Failure";
import { ApiError } from "../../lib/api";
import { useText } from "../../lib/i18n/LanguageProvider";
import type { Session } from "../../lib/session";
import { sessionText } from "./text";

/** Over a page whose sign-in the server ended: what is open, and half entered, is there again afterwards. Until then it isn't seen. */
export function SignInAgain({ session, signedIn, leave }: { session: Session; signedIn: (session: Session) => void; leave: () => void }) {
  const text = useText(sessionText);
  const [password, setPassword] = useState("");
  const enter = useMutation({ mutationFn: () => session.signInAgain(password), onSuccess: signedIn });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    enter.mutate();
  };
  const wrong = enter.error instanceof ApiError && enter.error.status === 401;
  return (
    <Modal opened onClose={leave} title={text.again} centered zIndex={1000} withCloseButton={false} closeOnEscape={false} closeOnClickOutside={false} overlayProps={{ color: "var(--mantine-color-body)", backgroundOpacity: 1 }} transitionProps={{ duration: 0 }}>
      <form onSubmit={submit}>
        <Stack>
          <Alert color="orange">
            <Text size="sm">{text.ended.ended}</Text>
          </Alert>
          <Failure failure={enter.error} advice={wrong ? text.wrong : undefined} />
          <TextInput label={text.email} type="email" autoComplete="username" readOnly value={session.person.email} />
          <PasswordInput label={text.password} autoComplete="current-password" required withAsterisk={false} data-autofocus value={password} onChange={(event) => setPassword(event.currentTarget.value)} />
          <Group justify="space-between">
            <Button variant="default" onClick={leave}>
              {text.leave}
            </Button>
            <Button type="submit" loading={enter.isPending}>
              {text.signIn}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
