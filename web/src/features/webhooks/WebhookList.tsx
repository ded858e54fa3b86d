import { ActionIcon, Badge, Group, Menu, Switch, Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";

import { Failure } from "../../components/Failure";
import { MoreIcon } from "../../components/icons";
import { useToast } from "../../components/Toasts";
import type { Schemas } from "../../lib/api";
import { useText } from "../../lib/i18n/LanguageProvider";
import { useSession } from "../../lib/SessionProvider";
import { webhooksText } from "./text";
import { webhooksKey } from "./useWebhooks";
import type { Webhook } from "./webhooks";

type Asked = { edit: (webhook: Webhook) => void; remove: (webhook: Webhook) => void; sent: () => void };

function WebhookRow({ webhook, edit, remove, sent }: { webhook: Webhook } & Asked) {
  const text = useText(webhooksText);
  const session = useSession();
  const queries = useQueryClient();
  const toast = useToast();
  const { id, name, url, min_severity, enabled } = webhook;
  const change = useMutation({
    mutationFn: (next: boolean) => session.call<Webhook>("PUT", `/webhooks/${id}`, { name, url, min_severity, enabled: next } satisfies Schemas["UpdateWebhookRequest"]),
    onSuccess: (changed) => {
      queries.setQueryData<Webhook[]>(webhooksKey, (all) => all?.map((each) => (each.id === id ? changed : each)));
      toast((changed.enabled ? text.enabled : text.disabled)(name));
      sent();
    },
  });
  const test = useMutation({
    mutationFn: () => session.call<Schemas["WebhookTest"]>("POST", `/webhooks/${id}/test`),
    onSuccess: () => {
      toast(text.tested);
      sent();
    },
  });
  return (
    <li className="webhook">
      <Switch aria-label={text.enabledOf(name)} checked={change.isPending ? change.variables : enabled} disabled={change.isPending} onChange={(event) => change.mutate(event.currentTarget.checked)} />
      <div className="webhook-text">
        <Group gap="xs">
          <Text fw={600} size="sm">
            {name}
          </Text>
          <Badge variant="default" tt="none">
            {text.from[min_severity]}
          </Badge>
          {!enabled && (
            <Badge variant="default" tt="none">
              {text.off}
            </Badge>
          )}
        </Group>
        <Text size="sm" c="dimmed" className="webhook-url">
          {url}
        </Text>
      </div>
      <Menu position="bottom-end" withInitialFocusPlaceholder={false}>
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" c="var(--mantine-color-text)" size={36} aria-label={text.actionsOf(name)} loading={test.isPending}>
            <MoreIcon />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item disabled={!enabled} onClick={() => test.mutate()}>
            {text.test}
          </Menu.Item>
          <Menu.Item onClick={() => edit(webhook)}>{text.edit}</Menu.Item>
          <Menu.Item className="danger-text" onClick={() => remove(webhook)}>
            {text.remove}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {(change.isError || test.isError) && (
        <div className="webhook-failure">
          <Failure failure={change.error ?? test.error} advice={test.isError ? text.testFailed : undefined} />
        </div>
      )}
    </li>
  );
}

export function WebhookList({ webhooks, ...asked }: { webhooks: readonly Webhook[] } & Asked) {
  return (
    <ul className="webhooks">
      {webhooks.map((each) => (
        <WebhookRow key={each.id} webhook={each} {...asked} />
      ))}
    </ul>
  );
}
