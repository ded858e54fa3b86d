import "./rules.css";

import { ActionIcon, Badge, Button, Center, Group, Loader, Menu, Stack, Switch, Text, Title } from "@mantine/core";
import { useState } from "react";

import { ConfirmDialog } from "@/components/ConfirmDialog";
import { Failure } from "@/components/Failure";
import { MoreIcon, PlusIcon } from "@/components/icons";
import { Page } from "@/components/Page";
import { SeverityBadge } from "@/components/Severity";
import { useToast } from "@/components/Toasts";
import type { AlertRule } from "@/lib/alerts/alerts";
import { useAlertRules, useDeleteAlertRule, useRuleName, useSaveAlertRule } from "@/lib/alerts/useAlertRules";
import { useCategoryName } from "@/lib/fleet/FleetProvider";
import { useText } from "@/lib/i18n/LanguageProvider";
import { usePerson } from "@/lib/SessionProvider";
import { draftOf, requestOf } from "./draft";
import { type Group as RuleGroup, groupsOf } from "./groups";
import { RuleEditor } from "./RuleEditor";
import { rulesText } from "./text";
import { useSentence } from "./useSentence";

type RowActions = { edit: (rule: AlertRule) => void; remove: (rule: AlertRule) => void };

/** The switch that enables or disables a rule. */
function Enabled({ rule, name }: { rule: AlertRule; name: string }) {
  const text = useText(rulesText);
  const toast = useToast();
  const save = useSaveAlertRule(rule.id);
  const enable = (enabled: boolean) => save.mutate({ ...requestOf(draftOf(rule)), enabled }, { onSuccess: (changed) => toast((changed.enabled ? text.enabled : text.disabled)(name)) });
  return (
    <>
      <Switch aria-label={text.enabledOf(name)} checked={(save.isPending ? save.variables.enabled : undefined) ?? rule.enabled} disabled={save.isPending} onChange={(event) => enable(event.currentTarget.checked)} />
      {save.isError && (
        <div className="rule-failure">
          <Failure failure={save.error} />
        </div>
      )}
    </>
  );
}

/** `scoped`: whether the sentence names the devices; the group's heading may name them already. */
function RuleRow({ rule, scoped, admin, actions }: { rule: AlertRule; scoped: boolean; admin: boolean; actions: RowActions }) {
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
            <Menu.Item onClick={() => actions.edit(rule)}>{text.edit}</Menu.Item>
            <Menu.Item className="danger-text" onClick={() => actions.remove(rule)}>
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

/** The alert rules. Everybody may read them; only administrators change them. */
export function RulesPage() {
  const text = useText(rulesText);
  const toast = useToast();
  const ruleName = useRuleName();
  const groupName = useGroupName();
  const categoryName = useCategoryName();
  const { admin } = usePerson();
  const { data: rules, error, isPending, refetch } = useAlertRules();
  const [editing, setEditing] = useState<{ rule: AlertRule | undefined }>();
  const [removing, setRemoving] = useState<AlertRule>();
  const deletion = useDeleteAlertRule();
  const remove = async ({ id, name }: AlertRule) => {
    await deletion.mutateAsync(id);
    toast(text.removed(ruleName(name)));
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
              <RuleRow key={rule.id} rule={rule} scoped={group.category === undefined && group.key !== "all"} admin={admin} actions={{ edit: (edited) => setEditing({ rule: edited }), remove: setRemoving }} />
            ))}
          </ul>
        </Stack>
      ))}
      {editing !== undefined && (
        <RuleEditor
          rule={editing.rule}
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
