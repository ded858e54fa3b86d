import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useMemo } from "react";

import type { Page, Schemas } from "../api";
import { type Paged, filterItems, replaceNewestPage, usePaged, mergeItems } from "../paged";
import { useSession } from "../SessionProvider";
import { type Delivery, type Filter, type Webhook, fits, pathOf } from "./webhooks";

const webhooksKey = ["webhooks"];

export function useWebhooks() {
  const session = useSession();
  return useQuery({ queryKey: webhooksKey, queryFn: ({ signal }) => session.call<Webhook[]>("GET", "/webhooks", undefined, signal), staleTime: 10_000 });
}

/** Creates a webhook, or replaces the one with the id. The result is the secret of a new one, which the server shows once. */
export function useSaveWebhook(webhook: Webhook | undefined) {
  const session = useSession();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (request: Omit<Schemas["UpdateWebhookRequest"], "enabled">) => {
      if (webhook === undefined) return (await session.call<Schemas["NewWebhook"]>("POST", "/webhooks", request satisfies Schemas["CreateWebhookRequest"])).secret;
      await session.call<Webhook>("PUT", `/webhooks/${webhook.id}`, { ...request, enabled: webhook.enabled } satisfies Schemas["UpdateWebhookRequest"]);
      return undefined;
    },
    onSuccess: () => void queries.invalidateQueries({ queryKey: webhooksKey }),
  });
}

/** Enables or disables the webhook. */
export function useEnableWebhook({ id, name, url, min_severity }: Webhook, onSuccess: (changed: Webhook) => void) {
  const session = useSession();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (enabled: boolean) => session.call<Webhook>("PUT", `/webhooks/${id}`, { name, url, min_severity, enabled } satisfies Schemas["UpdateWebhookRequest"]),
    onSuccess: (changed) => {
      queries.setQueryData<Webhook[]>(webhooksKey, (all) => all?.map((stored) => (stored.id === id ? changed : stored)));
      onSuccess(changed);
    },
  });
}

/** Sends a test message. */
export function useTestWebhook({ id }: Webhook, onSuccess: () => void) {
  const session = useSession();
  return useMutation({ mutationFn: () => session.call<Schemas["WebhookTest"]>("POST", `/webhooks/${id}/test`), onSuccess });
}

/** Deletes the webhook with the id. */
export function useDeleteWebhook() {
  const session = useSession();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: number) => session.request("DELETE", `/webhooks/${id}`),
    onSuccess: () => void queries.invalidateQueries({ queryKey: webhooksKey }),
  });
}

/** Sends a message again that the server gave up. */
export function useRetryDelivery({ id }: Delivery, onSuccess: (changed: Delivery) => void) {
  const session = useSession();
  return useMutation({ mutationFn: () => session.call<Delivery>("POST", `/webhooks/deliveries/${id}/retry`), onSuccess });
}

const pageSize = 100;
/** Poll interval of the deliveries, in milliseconds: there are no live events about them. */
const pollInterval = 4000;

/** The deliveries, polled while the page is shown. */
export function useDeliveries(filter: Filter) {
  const session = useSession();
  const queries = useQueryClient();
  const path = pathOf(filter, pageSize);
  const key = useMemo(() => ["webhook-deliveries", path], [path]);
  const list = usePaged<Delivery>(key, path);
  const newest = useQuery({
    queryKey: [...key, "newest"],
    queryFn: async ({ signal }) => {
      const page: Page<Delivery> = await session.page(path, signal);
      queries.setQueryData<Paged<Delivery>>(key, (all) => all && replaceNewestPage(all, page));
      return true;
    },
    enabled: list.isSuccess,
    refetchInterval: pollInterval,
    gcTime: 0,
  });
  const { refetch } = newest;
  const update = useCallback((changed: Delivery) => queries.setQueryData<Paged<Delivery>>(key, (all) => all && filterItems(mergeItems(all, [changed]), (delivery) => fits(delivery, filter))), [queries, key, filter]);
  const poll = useCallback(() => void refetch(), [refetch]);
  return { ...list, stale: newest.isError, update, poll };
}
