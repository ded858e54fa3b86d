import { Alert, Button, Group, Modal, PasswordInput, Stack, Text, TextInput } from "@mantine/core";

import { Failure } from "@/components/Failure";
import { useRequestForm } from "@/components/form";
import { useSignInAgain } from "@/lib/account/useSignIn";
import { ApiError } from "@/lib/api";
import { useText } from "@/lib/i18n/LanguageProvider";
import type { Session } from "@/lib/session";
import { sessionText } from "./text";

/** Covers the page after the server ended the session. Open forms keep their input and reappear after signing in. */
export function SignInAgain({ session, signedIn, leave }: { session: Session; signedIn: (session: Session) => void; leave: () => void }) {
  const text = useText(sessionText);
  const form = useRequestForm({ initialValues: { password: "" } });
  const signIn = useSignInAgain(session, signedIn);
  const submit = form.onSubmit(({ password }) => signIn.mutate(password, { onError: form.markRefused }));
  const wrongPassword = signIn.error instanceof ApiError && signIn.error.status === 401;
  return (
    <Modal opened onClose={leave} title={text.again} centered zIndex={1000} withCloseButton={false} closeOnEscape={false} closeOnClickOutside={false} overlayProps={{ color: "var(--mantine-color-body)", backgroundOpacity: 1 }} transitionProps={{ duration: 0 }}>
      <form onSubmit={submit}>
        <Stack>
          <Alert color="orange">
            <Text size="sm">{text.ended.ended}</Text>
          </Alert>
          <Failure failure={signIn.error} advice={wrongPassword ? text.wrong : undefined} />
          <TextInput label={text.email} type="email" autoComplete="username" readOnly value={session.person.email} />
          <PasswordInput label={text.password} autoComplete="current-password" required withAsterisk={false} data-autofocus {...form.getInputProps("password")} />
          <Group justify="space-between">
            <Button variant="default" onClick={leave}>
              {text.leave}
            </Button>
            <Button type="submit" loading={signIn.isPending}>
              {text.signIn}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
