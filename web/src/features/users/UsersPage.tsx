import "./users.css";

import { ActionIcon, Badge, Button, Center, Group, Loader, Menu, Stack, Table, Text, TextInput } from "@mantine/core";
import { useDeferredValue, useMemo, useState } from "react";

import { Failure } from "@/components/Failure";
import { MoreIcon, PlusIcon, SearchIcon } from "@/components/icons";
import { Page } from "@/components/Page";
import { Time } from "@/components/Time";
import { useQueryState, textCodec } from "@/lib/address";
import { useFormats, useText } from "@/lib/i18n/LanguageProvider";
import { usePerson } from "@/lib/SessionProvider";
import { type User, useUsers } from "@/lib/users/useUsers";
import { usersText } from "./text";
import { ChangeEmail, ChangeRole, CreateUser, DeleteUser, InviteUser, SetPassword, SwitchAccount } from "./UserDialogs";
import { matchingUsers, isLastAdmin } from "./users";

const searchCodec = textCodec("q");

type Action = "email" | "password" | "role" | "disabled" | "delete";
/** The number of rows shown first; searching is faster than scrolling through more. */
const pageSize = 100;

function Actions({ user, isOwn, act }: { user: User; isOwn: boolean; act: (action: Action) => void }) {
  const text = useText(usersText);
  return (
    <Menu position="bottom-end" withinPortal withInitialFocusPlaceholder={false}>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" c="var(--mantine-color-text)" size={36} aria-label={text.actionsOf(user.email)}>
          <MoreIcon />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown maw={280}>
        <Menu.Item onClick={() => act("email")}>{text.changeEmail}</Menu.Item>
        <Menu.Item onClick={() => act("password")}>{text.setPassword}</Menu.Item>
        <Menu.Item onClick={() => act("role")}>{user.role === "admin" ? text.makeUser : text.makeAdmin}</Menu.Item>
        <Menu.Divider />
        {isOwn ? (
          <Menu.Label>{text.notOneself}</Menu.Label>
        ) : (
          <>
            <Menu.Item onClick={() => act("disabled")}>{user.disabled ? text.enable : text.disable}</Menu.Item>
            <Menu.Item className="danger-text" onClick={() => act("delete")}>
              {text.remove}
            </Menu.Item>
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}

function Accounts({ users, ownId, act }: { users: readonly User[]; ownId: string; act: (action: Action, user: User) => void }) {
  const text = useText(usersText);
  return (
    <Table verticalSpacing={6} highlightOnHover withTableBorder className="users" aria-label={text.title}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{text.columns.email}</Table.Th>
          <Table.Th visibleFrom="sm">{text.columns.role}</Table.Th>
          <Table.Th visibleFrom="sm">{text.columns.created}</Table.Th>
          <Table.Th>
            <span className="unseen">{text.columns.actions}</span>
          </Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {users.map((user) => (
          <Table.Tr key={user.id}>
            <Table.Td className="users-email">
              {user.email}
              {String(user.id) === ownId && (
                <Text span size="sm" c="dimmed">
                  {` (${text.you})`}
                </Text>
              )}
              {user.disabled && (
                <Badge variant="light" color="red" tt="none" size="sm" ml="xs" className="readable">
                  {text.disabled}
                </Badge>
              )}
              <Text size="xs" c="dimmed" hiddenFrom="sm">
                {text.roles[user.role]}
              </Text>
            </Table.Td>
            <Table.Td visibleFrom="sm">
              <Badge variant="light" color={user.role === "admin" ? "grape" : "gray"} tt="none" className="readable">
                {text.roles[user.role]}
              </Badge>
            </Table.Td>
            <Table.Td visibleFrom="sm" className="numbers">
              <Time at={user.created_at} />
            </Table.Td>
            <Table.Td className="users-actions">
              <Actions user={user} isOwn={String(user.id) === ownId} act={(action) => act(action, user)} />
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

export function UsersPage() {
  const text = useText(usersText);
  const formats = useFormats();
  const ownId = usePerson().id;
  const { data, error, isPending, refetch } = useUsers();
  const [search, setSearch] = useQueryState(searchCodec, { rememberAs: "users.search" });
  const [limit, setLimit] = useState(pageSize);
  const [creating, setCreating] = useState(false);
  const [inviting, setInviting] = useState(false);
  const [dialog, setDialog] = useState<{ action: Action; user: User }>();
  const users = data ?? [];
  const deferredSearch = useDeferredValue(search);
  const shown = useMemo(() => matchingUsers(data ?? [], deferredSearch), [data, deferredSearch]);
  const close = () => {
    setDialog(undefined);
    setCreating(false);
  };
  return (
    <Page
      title={text.title}
      actions={
        <Group gap="xs">
          <Button variant="default" onClick={() => setInviting(true)}>
            {text.invite}
          </Button>
          <Button leftSection={<PlusIcon />} onClick={() => setCreating(true)}>
            {text.add}
          </Button>
        </Group>
      }
    >
      <Failure failure={error} retry={() => void refetch()} />
      <Group gap="sm" wrap="nowrap">
        <TextInput type="search" aria-label={text.search} placeholder={text.search} leftSection={<SearchIcon size={16} />} value={search} onChange={(event) => setSearch(event.currentTarget.value)} style={{ flex: 1 }} maw={420} />
        <Text size="sm" c="dimmed" role="status" style={{ whiteSpace: "nowrap" }}>
          {isPending || error ? "" : shown.length === users.length ? text.shown(users.length) : text.shownOf(formats.number(shown.length), formats.number(users.length))}
        </Text>
      </Group>
      {isPending ? (
        <Center p="xl">
          <Loader size="sm" aria-label={text.loading} />
        </Center>
      ) : shown.length > 0 ? (
        <Accounts users={shown.slice(0, limit)} ownId={ownId} act={(action, user) => setDialog({ action, user })} />
      ) : (
        users.length > 0 && (
          <Stack p="xl" align="center">
            <Text c="dimmed">{text.noneFits}</Text>
            <Button variant="default" onClick={() => setSearch("")}>
              {text.showAll}
            </Button>
          </Stack>
        )
      )}
      {shown.length > limit && (
        <Button variant="default" onClick={() => setLimit(limit + 10 * pageSize)}>
          {text.more(Math.min(10 * pageSize, shown.length - limit))}
        </Button>
      )}
      {creating && <CreateUser close={close} />}
      {inviting && <InviteUser close={() => setInviting(false)} />}
      {dialog?.action === "email" && <ChangeEmail user={dialog.user} close={close} />}
      {dialog?.action === "password" && <SetPassword user={dialog.user} close={close} />}
      {dialog?.action === "role" && <ChangeRole user={dialog.user} lastAdmin={isLastAdmin(users, dialog.user)} close={close} />}
      {dialog?.action === "disabled" && <SwitchAccount user={dialog.user} lastAdmin={isLastAdmin(users, dialog.user)} close={close} />}
      {dialog?.action === "delete" && <DeleteUser user={dialog.user} close={close} />}
    </Page>
  );
}
