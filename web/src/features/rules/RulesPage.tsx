import "./rules.css";

import { ActionIcon, Badge, Button, Center, Group, Loader, Menu, Stack, Switch, Text, Title } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";

import { ConfirmDialog } from "../../components/ConfirmDialog";
import { Failure } from "../../components/Failure";
import { MoreIcon, PlusIcon } from "../../components/icons";
import { Page } from "../../components/Page";
import { SeverityBadge } from "../../components/Severity";
import { useToast } from "../../components/Toasts";
import type { AlertRule } from "../../lib/alerts/alerts";
import { rulesKey, useAlertRules, useRuleName } from "../../lib/alerts/useAlertRules";
import { useCategoryName } from "../../lib/fleet/FleetProvider";
import { useText } from "../../lib/i18n/LanguageProvider";
import { useSession } from "../../lib/SessionProvider";
import { draftOf, requestOf } from "./draft";
import { type Group as RuleGroup, groupsOf } from "./groups";
import { RuleEditor } from "./RuleEditor";
import { rulesText } from "./text";
import { useSentence } from "./useSentence";

type Act = { edit: (rule: AlertRule) => void; remove: (rule: AlertRule) => void };

/** Whether it is watched; administrators decide it here. */
function Enabled({ rule, name }: { rule: AlertRule; name: string }) {
  const text = useText(rulesText);
  const session = useSession();
  const queries = useQueryClient();
  const toast = useToast();
  const change = useMutation({
    mutationFn: (enabled: boolean) => session.call<AlertRule>("PUT", `/alert-rules/${rule.id}`, { ...requestOf(draftOf(rule)), enabled }),
    onSuccess: (changed) => {
      queries.setQueryData<AlertRule[]>(rulesKey, (all) => all?.map((each) => (each.id === changed.id ? changed : each)));
      toast((changed.enabled ? text.enabled : text.disabled)(name));
    },
  });
  return (
    <>
      <Switch aria-label={text.enabledOf(name)} checked={change.isPending ? change.variables : rule.enabled} disabled={change.isPending} onChange={(event) => change.mutate(event.currentTarget.checked)} />
      {change.isError && (
        <div className="rule-failure">
          <Failure failure={change.error} />
        </div>
      )}
    </>
  );
}

/** `scoped`: whether it says which devices it is about; its group may have said so. */
function RuleRow({ rule, scoped, admin, act }: { rule: AlertRule; scoped: boolean; admin: boolean; act: Act }) {
  const text = useText(rulesText);
  const name = useRuleName()(rule.name);
  const sentence = useSentence();
  return (
    <li className="rule" data-enabled={rule.enabled}>
      {admin && <Enabled rule={rule} name={name} />}
      <div className="rule-text">
        <Group gap="xs">
          <Text fw={600} size="sm">
            {name}
          </Text>
          <SeverityBadge severity={rule.severity} />
          {rule.quarantine && (
            <Badge variant="outline" color="red" tt="none" className="readable">
              {text.quarantines}
            </Badge>
          )}
          {!rule.enabled && (
            <Badge variant="default" tt="none">
              {text.off}
            </Badge>
          )}
        </Group>
        <Text size="sm" c="dimmed">
          {sentence(rule, scoped)}
        </Text>
      </div>
      {admin && (
        <Menu position="bottom-end" withInitialFocusPlaceholder={false}>
          <Menu.Target>
            <ActionIcon variant="subtle" color="gray" c="var(--mantine-color-text)" size={36} aria-label={text.actionsOf(name)}>
              <MoreIcon />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item onClick={() => act.edit(rule)}>{text.edit}</Menu.Item>
            <Menu.Item className="danger-text" onClick={() => act.remove(rule)}>
              {text.remove}
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      )}
    </li>
  );
}

function useGroupName(): (group: RuleGroup) => string {
  const { groups } = useText(rulesText);
  const categoryName = useCategoryName();
  return ({ key, category }) => (category !== undefined && key.startsWith("category:") ? categoryName(category) : groups[key as keyof typeof groups]);
}

/** What raises alerts. Everybody may read it; administrators decide it. */
export function RulesPage() {
  const text = useText(rulesText);
  const session = useSession();
  const queries = useQueryClient();
  const toast = useToast();
  const ruleName = useRuleName();
  const groupName = useGroupName();
  const categoryName = useCategoryName();
  const { admin } = session.person;
  const { data: rules, error, isPending, refetch } = useAlertRules();
  const [editing, setEditing] = useState<{ rule: AlertRule | undefined }>();
  const [removing, setRemoving] = useState<AlertRule>();
  const again = () => void queries.invalidateQueries({ queryKey: rulesKey });
  const remove = async ({ id, name }: AlertRule) => {
    await session.request("DELETE", `/alert-rules/${id}`);
    toast(text.removed(ruleName(name)));
    again();
  };
  return (
    <Page
      title={text.title}
      actions={
        admin && (
          <Button leftSection={<PlusIcon />} onClick={() => setEditing({ rule: undefined })}>
            {text.add}
          </Button>
        )
      }
    >
      <Text size="sm" c="dimmed">
        {admin ? text.explained : text.explainedReader}
      </Text>
      <Failure failure={error} retry={() => void refetch()} />
      {isPending && (
        <Center p="xl">
          <Loader size="sm" aria-label={text.loading} />
        </Center>
      )}
      {rules?.length === 0 && <Text c="dimmed">{text.none}</Text>}
      {groupsOf(rules ?? [], categoryName).map((group) => (
        <Stack key={group.key} gap={4} component="section" aria-label={groupName(group)}>
          <Title order={2} size="h5">
            {groupName(group)}
          </Title>
          <ul className="rules">
            {group.rules.map((rule) => (
              <RuleRow key={rule.id} rule={rule} scoped={group.category === undefined && group.key !== "all"} admin={admin} act={{ edit: (which) => setEditing({ rule: which }), remove: setRemoving }} />
            ))}
          </ul>
        </Stack>
      ))}
      {editing !== undefined && (
        <RuleEditor
          rule={editing.rule}
          saved={() => {
            setEditing(undefined);
            again();
          }}
          close={() => setEditing(undefined)}
        />
      )}
      {removing !== undefined && (
        <ConfirmDialog title={text.removeTitle(ruleName(removing.name))} action={text.remove} danger run={() => remove(removing)} close={() => setRemoving(undefined)}>
          <Text size="sm">{text.removeExplained}</Text>
        </ConfirmDialog>
      )}
    </Page>
  );
}
