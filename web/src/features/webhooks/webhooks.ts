import type { Schemas } from "../../lib/api";
import { type Wording, number } from "../../lib/address";
import { queryOf } from "../../lib/api";
import type { webhooksText } from "./text";

export type Webhook = Schemas["Webhook"];
export type Delivery = Schemas["WebhookDelivery"];
export type DeliveryState = Delivery["state"];

/** Which deliveries are looked at; null is any. */
export type Filter = { webhook: number | null; state: DeliveryState | null };
export const everything: Filter = { webhook: null, state: null };

const states: readonly DeliveryState[] = ["pending", "delivered", "dead"];
const webhook = number("webhook");
/** As the address has it. */
export const filterWording: Wording<Filter> = {
  names: ["webhook", "state"],
  read: (from) => ({ webhook: webhook.read(from), state: states.find((each) => each === from.get("state")) ?? null }),
  write: (filter, to) => {
    webhook.write(filter.webhook, to);
    if (filter.state !== null) to.set("state", filter.state);
  },
};

export function pathOf({ webhook, state }: Filter, limit: number): string {
  return `/webhooks/deliveries${queryOf({ limit, webhook_id: webhook, state })}`;
}

export function fits(delivery: Delivery, { webhook, state }: Filter): boolean {
  return (webhook === null || delivery.webhook_id === webhook) && (state === null || delivery.state === state);
}

type Words = (typeof webhooksText)["en"];

/** What the server would refuse of an address, in words; it knows besides which hosts it may go to. */
export function problemOfUrl(url: string, text: Words["problems"]): string | undefined {
  const typed = url.trim();
  if (typed.length > 2000) return text.long;
  if (!/^https?:\/\/./i.test(typed)) return text.url;
  // Blanks, quotes and backslashes are what readers of addresses disagree about.
  if (!/^[\x21-\x7e]+$/.test(typed) || /["<>\\^`{|}]/.test(typed)) return text.ascii;
  if (typed.includes("#")) return text.fragment;
  const authority = typed.replace(/^https?:\/\//i, "").split(/[/?]/)[0] ?? "";
  if (authority.includes("@")) return text.user;
  return /^(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(:\d{1,5})?$/i.test(authority) ? undefined : text.url;
}

export function problemOfName(name: string, text: Words["problems"]): string | undefined {
  const length = [...name.trim()].length;
  return length < 1 || length > 100 ? text.name : undefined;
}

/** What a message is about, in a line. */
export function messageOf(delivery: Delivery, text: Words["deliveries"], ruleName: (name: string) => string): string {
  const { type, change, alert } = delivery.event as { type?: unknown; change?: unknown; alert?: { rule_name?: unknown; device_name?: unknown } };
  if (type === "test") return text.test;
  const what = change === "raised" ? text.raised : change === "resolved" ? text.resolved : text.updated;
  const names = [alert?.rule_name, alert?.device_name].flatMap((each, n) => (typeof each !== "string" ? [] : n === 0 ? ruleName(each) : each));
  return names.length === 0 ? what : `${what}: ${names.join(" – ")}`;
}

/** Checks a message as `signature_of` in the server signs it. */
export const verification = `import base64, hashlib, hmac, time

def is_genuine(headers, body: bytes, secret: str) -> bool:
    key = base64.b64decode(secret.removeprefix("whsec_"))
    number, sent = headers["webhook-id"], headers["webhook-timestamp"]
    mac = hmac.new(key, f"{number}.{sent}.".encode() + body, hashlib.sha256)
    right = "v1," + base64.b64encode(mac.digest()).decode()
    fresh = abs(time.time() - int(sent)) < 300
    return fresh and any(hmac.compare_digest(right, one) for one in headers["webhook-signature"].split())
`;
