import { Badge, Button, Code, Drawer, NativeSelect, Stack, Text } from "@mantine/core";
import { type ReactNode, useState } from "react";

import { Facts } from "@/components/Facts";
import { Failure } from "@/components/Failure";
import { Feed, type RowControlProps } from "@/components/Feed";
import { Filters } from "@/components/Filters";
import { componentsText } from "@/components/text";
import { Time } from "@/components/Time";
import { useToast } from "@/components/Toasts";
import { useRuleName } from "@/lib/alerts/useAlertRules";
import { ApiError } from "@/lib/api";
import { useFormats, useText } from "@/lib/i18n/LanguageProvider";
import { useReturnFocus } from "@/lib/return-focus";
import { type useDeliveries, useRetryDelivery } from "@/lib/webhooks/useWebhooks";
import { type Delivery, type DeliveryState, type Filter, type Webhook, everything } from "@/lib/webhooks/webhooks";
import { webhooksText } from "./text";
import { messageOf } from "./webhooks";

const colorOf: Readonly<Record<DeliveryState, string>> = { pending: "yellow", delivered: "teal", dead: "red" };

function StateBadge({ state }: { state: DeliveryState }) {
  const text = useText(webhooksText).deliveries;
  return (
    <Badge variant="dot" color={colorOf[state]} tt="none">
      {text.states[state]}
    </Badge>
  );
}

function DeliveryDrawer({ delivery, onChanged, close }: { delivery: Delivery; onChanged: (delivery: Delivery) => void; close: () => void }) {
  useReturnFocus();
  const text = useText(webhooksText).deliveries;
  const general = useText(componentsText);
  const formats = useFormats();
  const ruleName = useRuleName();
  const toast = useToast();
  const retry = useRetryDelivery(delivery, (changed) => {
    onChanged(changed);
    toast(text.retried);
  });
  const facts: [string, ReactNode][] = [
    [text.webhook, delivery.webhook_name],
    [text.created, <Time at={delivery.created_at} />],
    [text.attempts, formats.number(delivery.attempts)],
    ...(delivery.next_attempt_at === null ? [] : [[text.next, <Time at={delivery.next_attempt_at} />] as [string, ReactNode]]),
    ...(delivery.delivered_at === null ? [] : [[text.delivered, <Time at={delivery.delivered_at} />] as [string, ReactNode]]),
    ...(delivery.last_status === null ? [] : [[text.answer, `HTTP ${delivery.last_status}`] as [string, ReactNode]]),
    ...(delivery.last_error === null ? [] : [[text.error, <span lang="en">{delivery.last_error}</span>] as [string, ReactNode]]),
    [text.number, <code>{delivery.id}</code>],
  ];
  return (
    <Drawer opened onClose={close} position="right" title={messageOf(delivery, text, ruleName)} closeButtonProps={{ "aria-label": general.close }}>
      <Stack align="start">
        <StateBadge state={delivery.state} />
        <Facts facts={facts} />
        <Failure failure={retry.error} advice={retry.error instanceof ApiError && retry.error.status === 400 ? text.notAgain : undefined} />
        {delivery.state === "dead" && (
          <Button loading={retry.isPending} onClick={() => retry.mutate()}>
            {text.retry}
          </Button>
        )}
        <Text size="sm" fw={600}>
          {text.body}
        </Text>
        <Code block tabIndex={0} w="100%">
          {JSON.stringify(delivery.event, null, 2)}
        </Code>
      </Stack>
    </Drawer>
  );
}

function useRow(open: (delivery: Delivery) => void) {
  const text = useText(webhooksText).deliveries;
  const formats = useFormats();
  const ruleName = useRuleName();
  return (delivery: Delivery, control: RowControlProps) => [
    <Time key="time" at={delivery.created_at} />,
    <button key="message" type="button" className="feed-open" {...control} onClick={() => open(delivery)}>
      {messageOf(delivery, text, ruleName)}
    </button>,
    delivery.webhook_name,
    <StateBadge key="state" state={delivery.state} />,
    formats.number(delivery.attempts),
    <span key="error" lang="en" title={delivery.last_error ?? undefined}>
      {delivery.last_error}
    </span>,
  ];
}

type Props = { webhooks: readonly Webhook[]; filter: Filter; setFilter: (filter: Filter) => void; deliveries: ReturnType<typeof useDeliveries> };

/** The list of deliveries: pending, delivered and dead. */
export function Deliveries({ webhooks, filter, setFilter, deliveries }: Props) {
  const text = useText(webhooksText).deliveries;
  const [opened, setOpened] = useState<Delivery>();
  const open = opened && (deliveries.items.find((delivery) => delivery.id === opened.id) ?? opened);
  const row = useRow(setOpened);
  const columns = [
    { name: text.columns.time, className: "deliveries-time", width: "11.5rem" },
    { name: text.columns.message, className: "deliveries-message", width: "minmax(12rem, 2fr)" },
    { name: text.columns.webhook, className: "deliveries-webhook", width: "minmax(7rem, 1fr)" },
    { name: text.columns.state, className: "deliveries-state", width: "8rem" },
    { name: text.columns.attempts, className: "deliveries-attempts", width: "5.5rem" },
    { name: text.columns.error, className: "deliveries-error", width: "minmax(8rem, 2fr)" },
  ];
  const state = (
    <NativeSelect
      aria-label={text.state}
      data={[{ value: "", label: text.anyState }, ...(["pending", "delivered", "dead"] as const).map((value) => ({ value, label: text.filterStates[value] }))]}
      value={filter.state ?? ""}
      onChange={(event) => setFilter({ ...filter, state: event.currentTarget.value === "" ? null : (event.currentTarget.value as DeliveryState) })}
    />
  );
  const fields = (
    <NativeSelect
      aria-label={text.webhook}
      data={[{ value: "", label: text.anyWebhook }, ...webhooks.map(({ id, name }) => ({ value: String(id), label: name }))]}
      value={filter.webhook ?? ""}
      onChange={(event) => setFilter({ ...filter, webhook: event.currentTarget.value === "" ? null : Number(event.currentTarget.value) })}
    />
  );
  return (
    <>
      <Failure failure={deliveries.error} retry={() => void deliveries.refetch()} />
      <Feed
        label={text.label}
        columns={columns}
        items={deliveries.items}
        row={row}
        heights={{ wide: 42, narrow: 84 }}
        selected={(delivery) => delivery.id === open?.id}
        loadMore={deliveries.hasNextPage && !deliveries.isFetchNextPageError ? () => void deliveries.fetchNextPage() : undefined}
        loading={deliveries.isFetching}
        toolbar={
          <Filters count={filter.webhook === null ? 0 : 1} clear={() => setFilter({ ...filter, webhook: null })} always={state} fields={fields}>
            <Text size="sm" c="dimmed">
              {deliveries.isSuccess && (deliveries.stale ? text.stale : (deliveries.hasNextPage ? text.soFar : text.all)(deliveries.items.length))}
            </Text>
          </Filters>
        }
        empty={
          deliveries.isSuccess && (
            <Text c="dimmed" p="xl" ta="center">
              {filter.state === everything.state && filter.webhook === everything.webhook ? text.none : text.noneFits}
            </Text>
          )
        }
      />
      {open !== undefined && (
        <DeliveryDrawer
          key={open.id}
          delivery={open}
          onChanged={(after) => {
            deliveries.update(after);
            setOpened(after);
          }}
          close={() => setOpened(undefined)}
        />
      )}
    </>
  );
}
