import { ActionIcon, Badge, Group, Menu, Switch, Text } from "@mantine/core";

import { Failure } from "@/components/Failure";
import { MoreIcon } from "@/components/icons";
import { useToast } from "@/components/Toasts";
import { useText } from "@/lib/i18n/LanguageProvider";
import { useEnableWebhook, useTestWebhook } from "@/lib/webhooks/useWebhooks";
import type { Webhook } from "@/lib/webhooks/webhooks";
import { webhooksText } from "./text";

type Props = { edit: (webhook: Webhook) => void; remove: (webhook: Webhook) => void; onSent: () => void };

function WebhookRow({ webhook, edit, remove, onSent }: { webhook: Webhook } & Props) {
  const text = useText(webhooksText);
  const toast = useToast();
  const { name, url, min_severity, enabled } = webhook;
  const change = useEnableWebhook(webhook, (changed) => {
    toast((changed.enabled ? text.enabled : text.disabled)(name));
    onSent();
  });
  const test = useTestWebhook(webhook, () => {
    toast(text.tested);
    onSent();
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

export function WebhookList({ webhooks, ...actions }: { webhooks: readonly Webhook[] } & Props) {
  return (
    <ul className="webhooks">
      {webhooks.map((webhook) => (
        <WebhookRow key={webhook.id} webhook={webhook} {...actions} />
      ))}
    </ul>
  );
}
