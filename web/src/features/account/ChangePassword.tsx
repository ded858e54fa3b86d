import { PasswordInput, Text } from "@mantine/core";

import { useRequestForm } from "@/components/form";
import { FormDialog } from "@/components/FormDialog";
import { useChangePassword } from "@/lib/account/useAccount";
import { ApiError } from "@/lib/api";
import { useText } from "@/lib/i18n/LanguageProvider";
import { ChangePasswordRequest, ChangePasswordRequestBounds } from "@/lib/requests";
import { problemsIn } from "@/lib/schema";
import { accountText } from "./text";

/** Changes the own password. The server then ends every session of the account. */
export function ChangePassword({ close }: { close: () => void }) {
  const text = useText(accountText);
  const changePassword = useChangePassword();
  const form = useRequestForm({
    initialValues: { current_password: "", new_password: "" },
    problemsOf: (request) => problemsIn(ChangePasswordRequest, request, { new_password: text.passwordRule }),
  });
  return (
    <FormDialog
      title={text.changePassword}
      action={text.changePassword}
      form={form}
      run={(request) => changePassword.mutateAsync(request)}
      adviceOn={(failure) => (failure instanceof ApiError && failure.status === 403 ? text.wrong : undefined)}
      finished={close}
      close={close}
    >
      <Text size="sm">{text.changePasswordExplained}</Text>
      <PasswordInput label={text.current} autoComplete="current-password" required withAsterisk={false} {...ChangePasswordRequestBounds.current_password} data-autofocus {...form.getInputProps("current_password")} />
      <PasswordInput
        label={text.next}
        description={text.passwordRule}
        autoComplete="new-password"
        required
        withAsterisk={false}
        {...ChangePasswordRequestBounds.new_password}
        {...form.getInputProps("new_password")}
      />
    </FormDialog>
  );
}
