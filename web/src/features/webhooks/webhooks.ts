import { CreateWebhookRequest } from "@/lib/requests";
import type { Delivery } from "@/lib/webhooks/webhooks";
import type { webhooksText } from "./text";

type Words = (typeof webhooksText)["en"];

/** Returns why the server would refuse the address. The server checks the allowed hosts in addition. */
export function problemOfUrl(url: string, text: Words["problems"]): string | undefined {
  const typed = url.trim();
  if (typed.length > 2000) return text.long;
  if (!/^https?:\/\/./i.test(typed)) return text.url;
  // URL parsers disagree about blanks, quotes and backslashes.
  if (!/^[\x21-\x7e]+$/.test(typed) || /["<>\\^`{|}]/.test(typed)) return text.ascii;
  if (typed.includes("#")) return text.fragment;
  const authority = typed.replace(/^https?:\/\//i, "").split(/[/?]/)[0] ?? "";
  if (authority.includes("@")) return text.user;
  return CreateWebhookRequest.shape.url.safeParse(typed).success ? undefined : text.url;
}

export function problemOfName(name: string, text: Words["problems"]): string | undefined {
  return CreateWebhookRequest.shape.name.safeParse(name.trim()).success ? undefined : text.name;
}

/** The title of a message. */
export function messageOf(delivery: Delivery, text: Words["deliveries"], ruleName: (name: string) => string): string {
  const { type, change, alert } = delivery.event as { type?: unknown; change?: unknown; alert?: { rule_name?: unknown; device_name?: unknown } };
  if (type === "test") return text.test;
  const title = change === "raised" ? text.raised : change === "resolved" ? text.resolved : text.updated;
  const names = [alert?.rule_name, alert?.device_name].flatMap((name, n) => (typeof name !== "string" ? [] : n === 0 ? ruleName(name) : name));
  return names.length === 0 ? title : `${title}: ${names.join(" – ")}`;
}

/** Example code that verifies messages signed by the server's `signature_of`. */
export const verification = `import base64, hashlib, hmac, time

def is_genuine(headers, body: bytes, secret: str) -> bool:
    key = base64.b64decode(secret.removeprefix("whsec_"))
    number, sent = headers["webhook-id"], headers["webhook-timestamp"]
    mac = hmac.new(key, f"{number}.{sent}.".encode() + body, hashlib.sha256)
    right = "v1," + base64.b64encode(mac.digest()).decode()
    fresh = abs(time.time() - int(sent)) < 300
    return fresh and any(hmac.compare_digest(right, one) for one in headers["webhook-signature"].split())
`;
