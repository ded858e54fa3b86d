import "./webhooks.css";

import { Button, Center, Group, Loader, Text, Title } from "@mantine/core";
import { useState } from "react";

import { ConfirmDialog } from "@/components/ConfirmDialog";
import { Failure } from "@/components/Failure";
import { PlusIcon } from "@/components/icons";
import { Page } from "@/components/Page";
import { useToast } from "@/components/Toasts";
import { useQueryState } from "@/lib/address";
import { useText } from "@/lib/i18n/LanguageProvider";
import { useDeleteWebhook, useDeliveries, useWebhooks } from "@/lib/webhooks/useWebhooks";
import { type Webhook, filterCodec } from "@/lib/webhooks/webhooks";
import { Deliveries } from "./Deliveries";
import { SecretOnce, VerificationDialog } from "./SecretOnce";
import { webhooksText } from "./text";
import { WebhookEditor } from "./WebhookEditor";
import { WebhookList } from "./WebhookList";

export function WebhooksPage() {
  const text = useText(webhooksText);
  const toast = useToast();
  const { data: webhooks, error, isPending, refetch } = useWebhooks();
  const [filter, setFilter] = useQueryState(filterCodec, { rememberAs: "webhooks.filter" });
  const deliveries = useDeliveries(filter);
  const [editing, setEditing] = useState<{ webhook: Webhook | undefined }>();
  const [secret, setSecret] = useState<string>();
  const [removing, setRemoving] = useState<Webhook>();
  const [explaining, setExplaining] = useState(false);
  const deletion = useDeleteWebhook();
  const remove = async ({ id, name }: Webhook) => {
    await deletion.mutateAsync(id);
    toast(text.removed(name));
    if (filter.webhook === id) setFilter({ ...filter, webhook: null });
    deliveries.poll();
  };
  return (
    <Page
      title={text.title}
      actions={
        <Group gap="xs">
          <Button variant="default" onClick={() => setExplaining(true)}>
            {text.how}
          </Button>
          <Button leftSection={<PlusIcon />} onClick={() => setEditing({ webhook: undefined })}>
            {text.add}
          </Button>
        </Group>
      }
    >
      <Text size="sm" c="dimmed">
        {text.explained}
      </Text>
      <Failure failure={error} retry={() => void refetch()} />
      {isPending && (
        <Center p="xl">
          <Loader size="sm" aria-label={text.loading} />
        </Center>
      )}
      {webhooks?.length === 0 && <Text>{text.none}</Text>}
      {webhooks !== undefined && webhooks.length > 0 && <WebhookList webhooks={webhooks} edit={(webhook) => setEditing({ webhook })} remove={setRemoving} onSent={deliveries.poll} />}
      {!isPending && ( // the list above has an unknown height until it is loaded
        <>
          <Title order={2} size="h4">
            {text.deliveries.title}
          </Title>
          <Deliveries webhooks={webhooks ?? []} filter={filter} setFilter={setFilter} deliveries={deliveries} />
        </>
      )}
      {editing !== undefined && (
        <WebhookEditor
          webhook={editing.webhook}
          onSaved={(newSecret) => {
            setEditing(undefined);
            setSecret(newSecret);
            deliveries.poll();
          }}
          close={() => setEditing(undefined)}
        />
      )}
      {secret !== undefined && <SecretOnce secret={secret} close={() => setSecret(undefined)} />}
      {explaining && <VerificationDialog close={() => setExplaining(false)} />}
      {removing !== undefined && (
        <ConfirmDialog title={text.removeTitle(removing.name)} action={text.remove} danger run={() => remove(removing)} close={() => setRemoving(undefined)}>
          <Text size="sm">{text.removeExplained}</Text>
        </ConfirmDialog>
      )}
    </Page>
  );
}
