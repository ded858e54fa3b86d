import { Alert, Button, Code, Group, Modal, PasswordInput, Radio, Stack, Text, TextInput } from "@mantine/core";
import { useState } from "react";

import { ConfirmDialog } from "@/components/ConfirmDialog";
import { CopyButton } from "@/components/CopyButton";
import { type FieldProps, useRequestForm } from "@/components/form";
import { FormDialog } from "@/components/FormDialog";
import { componentsText } from "@/components/text";
import { useToast } from "@/components/Toasts";
import { ApiError } from "@/lib/api";
import { useText } from "@/lib/i18n/LanguageProvider";
import { CreateUserRequest, CreateUserRequestBounds, UpdateUserRequest } from "@/lib/requests";
import { problemsIn } from "@/lib/schema";
import { usePerson } from "@/lib/SessionProvider";
import { type User, useChangeUser, useCreateUser, useDeleteUser, useInvite } from "@/lib/users/useUsers";
import { suggestPassword } from "./password";
import { usersText } from "./text";

type Role = User["role"];
type Props = { user: User; close: () => void };

const adviceIfTaken = (advice: string) => (failure: Error) => (failure instanceof ApiError && failure.status === 400 ? advice : undefined);

function Password({ label, field, suggest }: { label: string; field: FieldProps; suggest: (password: string) => void }) {
  const text = useText(usersText);
  const [suggestion, setSuggestion] = useState<string>();
  const [visible, setVisible] = useState(false);
  return (
    <Stack gap={6}>
      <PasswordInput
        label={label}
        description={field.value === suggestion ? text.suggested : text.passwordRule}
        autoComplete="new-password"
        required
        withAsterisk={false}
        {...CreateUserRequestBounds.password}
        visible={visible}
        onVisibilityChange={setVisible}
        {...field}
      />
      <Group>
        <Button
          size="compact-sm"
          variant="default"
          onClick={() => {
            const password = suggestPassword();
            setSuggestion(password);
            setVisible(true);
            suggest(password);
          }}
        >
          {text.suggest}
        </Button>
      </Group>
    </Stack>
  );
}

function RoleChoice({ field }: { field: FieldProps }) {
  const text = useText(usersText);
  return (
    <Radio.Group label={text.role} {...field}>
      <Stack gap="xs" mt={6}>
        {(["user", "admin"] as const).map((option) => (
          <Radio key={option} value={option} label={text.roles[option]} description={text.roleExplained[option]} />
        ))}
      </Stack>
    </Radio.Group>
  );
}

export function CreateUser({ close }: Omit<Props, "user">) {
  const text = useText(usersText);
  const createUser = useCreateUser();
  const toast = useToast();
  const form = useRequestForm<{ email: string; password: string; role: Role }>({
    initialValues: { email: "", password: "", role: "user" },
    problemsOf: (request) => problemsIn(CreateUserRequest, request, { password: text.passwordRule }),
  });
  return (
    <FormDialog
      title={text.add}
      action={text.create}
      form={form}
      run={({ email, ...rest }) => createUser.mutateAsync({ email: email.trim(), ...rest })}
      adviceOn={adviceIfTaken(text.taken)}
      finished={(user) => {
        toast(text.created(user.email));
        close();
      }}
      close={close}
    >
      <TextInput label={text.email} type="email" autoComplete="off" required withAsterisk={false} {...CreateUserRequestBounds.email} data-autofocus {...form.getInputProps("email")} />
      <Password label={text.password} field={form.getInputProps("password")} suggest={(password) => form.setFieldValue("password", password)} />
      <RoleChoice field={form.getInputProps("role")} />
    </FormDialog>
  );
}

/** Creates an invitation link. It is shown once. */
export function InviteUser({ close }: { close: () => void }) {
  const text = useText(usersText);
  const createInvitation = useInvite();
  const form = useRequestForm<{ email: string; role: Role }>({ initialValues: { email: "", role: "user" } });
  const [link, setLink] = useState<string>();
  const general = useText(componentsText);
  const invite = ({ email, role }: typeof form.values) => createInvitation.mutateAsync({ role, ...(email.trim() === "" ? {} : { email: email.trim() }) });
  if (link !== undefined)
    return (
      <Modal opened onClose={close} title={text.invite} centered closeOnClickOutside={false} closeButtonProps={{ "aria-label": general.close }}>
        <Stack>
          <Text size="sm">{text.linkExplained}</Text>
          <Code block style={{ overflowWrap: "anywhere", whiteSpace: "pre-wrap" }}>
            {link}
          </Code>
          <Group justify="end">
            <CopyButton content={link} label={text.copyLink} variant="filled" data-autofocus />
          </Group>
        </Stack>
      </Modal>
    );
  return (
    <FormDialog title={text.invite} action={text.makeLink} form={form} run={invite} finished={(invitation) => setLink(new URL(invitation.path, location.href).href)} close={close}>
      <Text size="sm">{text.inviteExplained}</Text>
      <TextInput label={text.inviteEmail} description={text.inviteEmailExplained} type="email" autoComplete="off" {...CreateUserRequestBounds.email} data-autofocus {...form.getInputProps("email")} />
      <RoleChoice field={form.getInputProps("role")} />
    </FormDialog>
  );
}

function OwnAccountWarning({ user }: { user: User }) {
  const text = useText(usersText);
  if (usePerson().id !== String(user.id)) return null;
  return (
    <Alert color="orange" p="xs">
      <Text size="sm">{text.own}</Text>
    </Alert>
  );
}

export function ChangeEmail({ user, close }: Props) {
  const text = useText(usersText);
  const toast = useToast();
  const change = useChangeUser(user);
  const form = useRequestForm({ initialValues: { email: user.email } });
  return (
    <FormDialog
      title={text.changeEmail}
      action={text.changeEmail}
      form={form}
      run={({ email }) => change.mutateAsync({ email: email.trim() })}
      adviceOn={adviceIfTaken(text.taken)}
      finished={(changed) => {
        toast(text.emailChanged(changed.email));
        close();
      }}
      close={close}
    >
      <Text size="sm">{text.changeEmailExplained(user.email)}</Text>
      <TextInput label={text.newEmail} type="email" autoComplete="off" required withAsterisk={false} {...CreateUserRequestBounds.email} data-autofocus {...form.getInputProps("email")} />
    </FormDialog>
  );
}

export function SetPassword({ user, close }: Props) {
  const text = useText(usersText);
  const toast = useToast();
  const change = useChangeUser(user);
  const form = useRequestForm({ initialValues: { password: "" }, problemsOf: (request) => problemsIn(UpdateUserRequest, request, { password: text.passwordRule }) });
  return (
    <FormDialog
      title={text.setPassword}
      action={text.setPassword}
      form={form}
      run={(request) => change.mutateAsync(request)}
      finished={() => {
        toast(text.passwordSet(user.email));
        close();
      }}
      close={close}
    >
      <Text size="sm">{text.setPasswordExplained(user.email)}</Text>
      <OwnAccountWarning user={user} />
      <Password label={text.newPassword} field={form.getInputProps("password")} suggest={(password) => form.setFieldValue("password", password)} />
    </FormDialog>
  );
}

export function ChangeRole({ user, lastAdmin, close }: Props & { lastAdmin: boolean }) {
  const text = useText(usersText);
  const toast = useToast();
  const change = useChangeUser(user);
  const form = useRequestForm({ initialValues: {} });
  const role: Role = user.role === "admin" ? "user" : "admin";
  const title = role === "admin" ? text.makeAdmin : text.makeUser;
  return (
    <FormDialog
      title={title}
      action={title}
      form={form}
      run={() => change.mutateAsync({ role })}
      ready={!lastAdmin}
      finished={() => {
        toast(text.roleChanged(user.email, text.roles[role]));
        close();
      }}
      close={close}
    >
      {lastAdmin ? (
        <Alert color="orange">{text.lastAdmin}</Alert>
      ) : (
        <>
          <Text size="sm">{role === "admin" ? text.makeAdminExplained(user.email) : text.makeUserExplained(user.email)}</Text>
          <OwnAccountWarning user={user} />
        </>
      )}
    </FormDialog>
  );
}

export function SwitchAccount({ user, lastAdmin, close }: Props & { lastAdmin: boolean }) {
  const text = useText(usersText);
  const toast = useToast();
  const change = useChangeUser(user);
  const form = useRequestForm({ initialValues: {} });
  const title = user.disabled ? text.enable : text.disable;
  return (
    <FormDialog
      title={title}
      action={title}
      form={form}
      run={() => change.mutateAsync({ disabled: !user.disabled })}
      ready={!lastAdmin}
      finished={() => {
        toast((user.disabled ? text.enabled : text.isDisabled)(user.email));
        close();
      }}
      close={close}
    >
      {lastAdmin ? <Alert color="orange">{text.lastAdmin}</Alert> : <Text size="sm">{(user.disabled ? text.enableExplained : text.disableExplained)(user.email)}</Text>}
    </FormDialog>
  );
}

export function DeleteUser({ user, close }: Props) {
  const text = useText(usersText);
  const deletion = useDeleteUser(user);
  const toast = useToast();
  const remove = async () => {
    await deletion.mutateAsync();
    toast(text.removed(user.email));
  };
  return (
    <ConfirmDialog title={text.removeTitle} action={text.remove} danger typed={user.email} run={remove} close={close}>
      <Text size="sm">{text.removeExplained}</Text>
    </ConfirmDialog>
  );
}
