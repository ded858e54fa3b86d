import { type QueryCodec, numberCodec } from "../address";
import { type Schemas, queryOf } from "../api";

export type Webhook = Schemas["Webhook"];
export type Delivery = Schemas["WebhookDelivery"];
export type DeliveryState = Delivery["state"];

/** Null matches any value. */
export type Filter = { webhook: number | null; state: DeliveryState | null };
export const everything: Filter = { webhook: null, state: null };

const states: readonly DeliveryState[] = ["pending", "delivered", "dead"];
const webhookCodec = numberCodec("webhook");
/** The filter in the address. */
export const filterCodec: QueryCodec<Filter> = {
  names: ["webhook", "state"],
  read: (from) => ({ webhook: webhookCodec.read(from), state: states.find((state) => state === from.get("state")) ?? null }),
  write: (filter, to) => {
    webhookCodec.write(filter.webhook, to);
    if (filter.state !== null) to.set("state", filter.state);
  },
};

export function pathOf({ webhook, state }: Filter, limit: number): string {
  return `/webhooks/deliveries${queryOf({ limit, webhook_id: webhook, state })}`;
}

export function fits(delivery: Delivery, { webhook, state }: Filter): boolean {
  return (webhook === null || delivery.webhook_id === webhook) && (state === null || delivery.state === state);
}
