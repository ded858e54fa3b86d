import { PasswordInput, Text } from "@mantine/core";
import { useState } from "react";

import { FormDialog } from "../../components/FormDialog";
import { ApiError, type Schemas } from "../../lib/api";
import { useText } from "../../lib/i18n/LanguageProvider";
import { useSession } from "../../lib/SessionProvider";
import { accountText } from "./text";

/** A new password for one's own account, which ends every session of it. */
export function ChangePassword({ close }: { close: () => void }) {
  const text = useText(accountText);
  const session = useSession();
  const [current, setCurrent] = useState("");
  const [next, setNext] = useState("");
  const change = () => session.request("PUT", "/auth/password", { current_password: current, new_password: next } satisfies Schemas["ChangePasswordRequest"]);
  return (
    <FormDialog
      title={text.changePassword}
      action={text.changePassword}
      run={change}
      adviceOn={(failure) => (failure instanceof ApiError && failure.status === 403 ? text.wrong : undefined)}
      finished={() => session.end("signed out")}
      close={close}
    >
      <Text size="sm">{text.changePasswordExplained}</Text>
      <PasswordInput label={text.current} autoComplete="current-password" required withAsterisk={false} maxLength={128} data-autofocus value={current} onChange={(event) => setCurrent(event.currentTarget.value)} />
      <PasswordInput
        label={text.next}
        description={text.passwordRule}
        autoComplete="new-password"
        required
        withAsterisk={false}
        minLength={8}
        maxLength={128}
        value={next}
        onChange={(event) => setNext(event.currentTarget.value)}
      />
    </FormDialog>
  );
}
