import { Alert, Button, Code, Group, Modal, PasswordInput, Radio, Stack, Text, TextInput } from "@mantine/core";
import { useState } from "react";

import { ConfirmDialog } from "../../components/ConfirmDialog";
import { CopyButton } from "../../components/CopyButton";
import { FormDialog } from "../../components/FormDialog";
import { componentsText } from "../../components/text";
import { useToast } from "../../components/Toasts";
import { ApiError, type Schemas } from "../../lib/api";
import { useText } from "../../lib/i18n/LanguageProvider";
import { useSession } from "../../lib/SessionProvider";
import type { User } from "../../lib/users/useUsers";
import { suggestPassword } from "./password";
import { usersText } from "./text";

type Role = User["role"];
type Asked = { user: User; done: () => void; close: () => void };

const takenIs = (advice: string) => (failure: Error) => (failure instanceof ApiError && failure.status === 400 ? advice : undefined);

function Password({ label, value, set }: { label: string; value: string; set: (value: string) => void }) {
  const text = useText(usersText);
  const [suggested, setSuggested] = useState(false);
  const [visible, setVisible] = useState(false);
  return (
    <Stack gap={6}>
      <PasswordInput
        label={label}
        description={suggested ? text.suggested : text.passwordRule}
        autoComplete="new-password"
        required
        withAsterisk={false}
        minLength={8}
        maxLength={128}
        visible={visible}
        onVisibilityChange={setVisible}
        value={value}
        onChange={(event) => {
          setSuggested(false);
          set(event.currentTarget.value);
        }}
      />
      <Group>
        <Button
          size="compact-sm"
          variant="default"
          onClick={() => {
            setSuggested(true);
            setVisible(true);
            set(suggestPassword());
          }}
        >
          {text.suggest}
        </Button>
      </Group>
    </Stack>
  );
}

function RoleChoice({ role, choose }: { role: Role; choose: (role: Role) => void }) {
  const text = useText(usersText);
  return (
    <Radio.Group label={text.role} value={role} onChange={(value) => choose(value as Role)}>
      <Stack gap="xs" mt={6}>
        {(["user", "admin"] as const).map((each) => (
          <Radio key={each} value={each} label={text.roles[each]} description={text.roleExplained[each]} />
        ))}
      </Stack>
    </Radio.Group>
  );
}

export function CreateUser({ done, close }: Omit<Asked, "user">) {
  const text = useText(usersText);
  const session = useSession();
  const toast = useToast();
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [role, setRole] = useState<Role>("user");
  const create = () => session.call<User>("POST", "/admin/users", { email: email.trim(), password, role } satisfies Schemas["CreateUserRequest"]);
  return (
    <FormDialog
      title={text.add}
      action={text.create}
      run={create}
      adviceOn={takenIs(text.taken)}
      finished={(user) => {
        toast(text.created(user.email));
        done();
      }}
      close={close}
    >
      <TextInput label={text.email} type="email" autoComplete="off" required withAsterisk={false} maxLength={254} data-autofocus value={email} onChange={(event) => setEmail(event.currentTarget.value)} />
      <Password label={text.password} value={password} set={setPassword} />
      <RoleChoice role={role} choose={setRole} />
    </FormDialog>
  );
}

/** Makes a link with which somebody makes an account; the link is shown this once. */
export function InviteUser({ close }: { close: () => void }) {
  const text = useText(usersText);
  const session = useSession();
  const [email, setEmail] = useState("");
  const [role, setRole] = useState<Role>("user");
  const [link, setLink] = useState<string>();
  const general = useText(componentsText);
  const invite = () =>
    session.call<Schemas["NewInvitation"]>("POST", "/admin/invitations", { role, ...(email.trim() === "" ? {} : { email: email.trim() }) } satisfies Partial<Schemas["CreateInvitationRequest"]>);
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
    <FormDialog title={text.invite} action={text.makeLink} run={invite} finished={(made) => setLink(new URL(made.path, location.href).href)} close={close}>
      <Text size="sm">{text.inviteExplained}</Text>
      <TextInput label={text.inviteEmail} description={text.inviteEmailExplained} type="email" autoComplete="off" maxLength={254} data-autofocus value={email} onChange={(event) => setEmail(event.currentTarget.value)} />
      <RoleChoice role={role} choose={setRole} />
    </FormDialog>
  );
}

/** Sends a change of an account. One's own session ends with a new password or role: the next call finds out. */
function useChange(user: User) {
  const session = useSession();
  return (changes: Schemas["UpdateUserRequest"]) => session.call<User>("PUT", `/admin/users/${user.id}`, changes);
}

function Own({ user }: { user: User }) {
  const text = useText(usersText);
  if (useSession().person.id !== String(user.id)) return null;
  return (
    <Alert color="orange" p="xs">
      <Text size="sm">{text.own}</Text>
    </Alert>
  );
}

export function ChangeEmail({ user, done, close }: Asked) {
  const text = useText(usersText);
  const toast = useToast();
  const change = useChange(user);
  const [email, setEmail] = useState(user.email);
  return (
    <FormDialog
      title={text.changeEmail}
      action={text.changeEmail}
      run={() => change({ email: email.trim() })}
      adviceOn={takenIs(text.taken)}
      finished={(changed) => {
        toast(text.emailChanged(changed.email));
        done();
      }}
      close={close}
    >
      <Text size="sm">{text.changeEmailExplained(user.email)}</Text>
      <TextInput label={text.newEmail} type="email" autoComplete="off" required withAsterisk={false} maxLength={254} data-autofocus value={email} onChange={(event) => setEmail(event.currentTarget.value)} />
    </FormDialog>
  );
}

export function SetPassword({ user, done, close }: Asked) {
  const text = useText(usersText);
  const toast = useToast();
  const change = useChange(user);
  const [password, setPassword] = useState("");
  return (
    <FormDialog
      title={text.setPassword}
      action={text.setPassword}
      run={() => change({ password })}
      finished={() => {
        toast(text.passwordSet(user.email));
        done();
      }}
      close={close}
    >
      <Text size="sm">{text.setPasswordExplained(user.email)}</Text>
      <Own user={user} />
      <Password label={text.newPassword} value={password} set={setPassword} />
    </FormDialog>
  );
}

export function ChangeRole({ user, lastAdmin, done, close }: Asked & { lastAdmin: boolean }) {
  const text = useText(usersText);
  const toast = useToast();
  const change = useChange(user);
  const role: Role = user.role === "admin" ? "user" : "admin";
  const title = role === "admin" ? text.makeAdmin : text.makeUser;
  return (
    <FormDialog
      title={title}
      action={title}
      run={() => change({ role })}
      ready={!lastAdmin}
      finished={() => {
        toast(text.roleChanged(user.email, text.roles[role]));
        done();
      }}
      close={close}
    >
      {lastAdmin ? (
        <Alert color="orange">{text.lastAdmin}</Alert>
      ) : (
        <>
          <Text size="sm">{role === "admin" ? text.makeAdminExplained(user.email) : text.makeUserExplained(user.email)}</Text>
          <Own user={user} />
        </>
      )}
    </FormDialog>
  );
}

export function SwitchAccount({ user, lastAdmin, done, close }: Asked & { lastAdmin: boolean }) {
  const text = useText(usersText);
  const toast = useToast();
  const change = useChange(user);
  const title = user.disabled ? text.enable : text.disable;
  return (
    <FormDialog
      title={title}
      action={title}
      run={() => change({ disabled: !user.disabled })}
      ready={!lastAdmin}
      finished={() => {
        toast((user.disabled ? text.enabled : text.isDisabled)(user.email));
        done();
      }}
      close={close}
    >
      {lastAdmin ? <Alert color="orange">{text.lastAdmin}</Alert> : <Text size="sm">{(user.disabled ? text.enableExplained : text.disableExplained)(user.email)}</Text>}
    </FormDialog>
  );
}

export function DeleteUser({ user, done, close }: Asked) {
  const text = useText(usersText);
  const session = useSession();
  const toast = useToast();
  const remove = async () => {
    await session.request("DELETE", `/admin/users/${user.id}`);
    toast(text.removed(user.email));
    done();
  };
  return (
    <ConfirmDialog title={text.removeTitle} action={text.remove} danger typed={user.email} run={remove} close={close}>
      <Text size="sm">{text.removeExplained}</Text>
    </ConfirmDialog>
  );
}
