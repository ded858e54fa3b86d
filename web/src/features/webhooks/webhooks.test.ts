import { describe, expect, it } from "vitest";

import { type Delivery, everything, fits, pathOf } from "@/lib/webhooks/webhooks";
import { webhooksText } from "./text";
import { messageOf, problemOfName, problemOfUrl } from "./webhooks";

const { problems, deliveries } = webhooksText.en;
const delivery: Delivery = {
  id: 12,
  webhook_id: 1,
  webhook_name: "On call",
  event: { type: "test", sent_at: "2026-01-15T08:00:00Z" },
  state: "dead",
  attempts: 8,
  created_at: "2026-01-15T08:00:00Z",
  next_attempt_at: null,
  delivered_at: null,
  last_status: 500,
  last_error: "The receiver answered 500.",
};

describe("a webhook's address", () => {
  it("is accepted if the server would accept it", () => {
    for (const url of ["https://hooks.example/breakwater", "HTTPS://hooks.example:8443/a?b=c%20d", "http://10.0.0.1", "https://[::1]:8443/x", " https://a.example "]) expect(problemOfUrl(url, problems)).toBeUndefined();
  });

  it("is refused with a reason", () => {
    for (const url of ["", "hooks.example", "ftp://a.example", "https://", "https:///path", "https://a.example:port/", "https://:80"]) expect(problemOfUrl(url, problems)).toBe(problems.url);
    expect(problemOfUrl("https://ada:secret@a.example/", problems)).toBe(problems.user);
    expect(problemOfUrl("https://a.example/#top", problems)).toBe(problems.fragment);
    for (const url of ["https://a.example/ą", "https://a.example/a b", "https://a.example\\@b.example/"]) expect(problemOfUrl(url, problems)).toBe(problems.ascii);
    expect(problemOfUrl(`https://a.example/${"x".repeat(2000)}`, problems)).toBe(problems.long);
  });

  it("requires a name", () => {
    expect([problemOfName(" ", problems), problemOfName("On call", problems), problemOfName("x".repeat(101), problems)]).toEqual([problems.name, undefined, problems.name]);
  });
});

describe("deliveries", () => {
  it("are filtered by webhook and state", () => {
    expect(pathOf(everything, 100)).toBe("/webhooks/deliveries?limit=100");
    expect(pathOf({ webhook: 1, state: "dead" }, 100)).toBe("/webhooks/deliveries?limit=100&webhook_id=1&state=dead");
    expect([fits(delivery, everything), fits(delivery, { webhook: 1, state: "dead" }), fits(delivery, { webhook: 2, state: null }), fits(delivery, { webhook: 1, state: "pending" })]).toEqual([true, true, false, false]);
  });

  it("have a title", () => {
    const name = (rule: string) => rule.toUpperCase();
    const event = { type: "alert", change: "raised", alert: { rule_name: "Storm", device_name: "Roof" } };
    expect(messageOf(delivery, deliveries, name)).toBe("Test message");
    expect(messageOf({ ...delivery, event }, deliveries, name)).toBe("Alert raised: STORM – Roof");
    expect(messageOf({ ...delivery, event: { ...event, change: "resolved", alert: { rule_name: "Storm", device_name: null } } }, deliveries, name)).toBe("Alert resolved: STORM");
    expect(messageOf({ ...delivery, event: {} }, deliveries, name)).toBe("Alert changed");
  });
});
