import { describe, expect, it } from "vitest";

import contract from "../../../../docs/openapi.json?raw";
import { exportEvents } from "./export";
import { type EventQuery, type SecurityEvent, countOf, everything, fits, pathOf, eventQueryOf, withRange } from "@/lib/events/filter";
import { securityText } from "./text";

const noon = Date.parse("2026-01-15T12:00:00Z");
const event: SecurityEvent = {
  id: 93,
  created_at: "2026-01-15T12:00:00Z",
  actor_type: "user",
  actor_id: "7",
  event_type: "login",
  status: "denied",
  detail: "=Wrong password.",
  source_address: "192.0.2.17",
  request_id: "5f0c",
  route: "POST /auth/login",
  simulated: false,
  count: 3,
  target_type: "user",
  target_id: "7",
  targets: [{ target_type: "user", target_id: "7" }],
  target_count: 1,
};
const unfiltered: EventQuery = eventQueryOf(everything, noon);

describe("the filter of the security log", () => {
  it("queries the active filters", () => {
    expect(pathOf(unfiltered, 100)).toBe("/admin/security-events?limit=100&routine=false");
    const query = eventQueryOf({ ...everything, range: "hour", status: "denied", actorId: " 7 " }, noon);
    expect(pathOf(query, 100)).toBe("/admin/security-events?limit=100&since=2026-01-15T11%3A00%3A00.000Z&status=denied&actor_id=7&routine=false");
    expect(pathOf({ ...unfiltered, targetType: "device", targetId: " 7b0c ", routine: true }, 100)).toBe("/admin/security-events?limit=100&target_type=device&target_id=7b0c");
    expect(pathOf({ ...unfiltered, eventType: "device_auth" }, 100)).toBe("/admin/security-events?limit=100&event_type=device_auth");
  });

  it("reads custom times in the viewer's time zone, and ignores incomplete ones", () => {
    const query = eventQueryOf({ ...everything, range: "custom", since: "2026-01-15T13:00", until: "" }, noon);
    expect([query.from, query.to]).toEqual([new Date(2026, 0, 15, 13).getTime(), undefined]);
  });

  it("starts a custom range with the last day", () => {
    const filter = withRange(everything, "custom", noon);
    expect(eventQueryOf(filter, noon).from).toBe(noon - 24 * 3_600_000);
    expect(withRange({ ...filter, since: "2026-01-01T00:00" }, "custom", noon).since).toBe("2026-01-01T00:00");
  });

  it("counts the active filters", () => {
    expect(countOf(everything)).toBe(0);
    expect(countOf({ ...everything, range: "day", eventType: "login", actorId: "7" })).toBe(3);
  });

  it("accepts the live events that the server would list", () => {
    expect(fits(event, unfiltered)).toBe(true);
    expect(fits(event, { ...unfiltered, from: noon, to: noon })).toBe(true);
    expect(fits(event, { ...unfiltered, from: noon + 1 })).toBe(false);
    expect(fits(event, { ...unfiltered, to: noon - 1 })).toBe(false);
    expect(fits(event, { ...unfiltered, eventType: "login", status: "denied", actorType: "user", actorId: "7" })).toBe(true);
    expect(fits(event, { ...unfiltered, eventType: "logout" })).toBe(false);
    expect(fits(event, { ...unfiltered, status: "success" })).toBe(false);
    expect(fits(event, { ...unfiltered, actorType: "device" })).toBe(false);
    expect(fits(event, { ...unfiltered, targetType: "user" })).toBe(true);
    expect(fits(event, { ...unfiltered, targetType: "user", targetId: "8" })).toBe(false);
    const several: SecurityEvent = { ...event, targets: [...event.targets, { target_type: "device", target_id: "7b0c" }] };
    expect(fits(several, { ...unfiltered, targetType: "device", targetId: "7b0c" })).toBe(true);
    expect(fits(several, { ...unfiltered, targetType: "device" })).toBe(false);
    const routine: SecurityEvent = { ...event, event_type: "device_auth", status: "success" };
    expect(fits(routine, unfiltered)).toBe(false);
    expect(fits(routine, { ...unfiltered, routine: true })).toBe(true);
    expect(fits(routine, { ...unfiltered, eventType: "device_auth" })).toBe(true);
    expect(fits({ ...event, actor_id: null }, { ...unfiltered, actorId: "7" })).toBe(false);
  });
});

describe("the export of the security log", () => {
  const pages = [
    { items: [event, { ...event, id: 92 }], next: "a" },
    { items: [{ ...event, id: 91 }], next: undefined },
  ];
  const fetchPage = (cursor: string | undefined) => Promise.resolve(pages[cursor === undefined ? 0 : 1] ?? { items: [], next: undefined });

  it("fetches all pages and neutralises formulas", async () => {
    const progress: number[] = [];
    const { parts, count, complete } = await exportEvents(fetchPage, (fetched) => progress.push(fetched));
    expect([count, complete, progress]).toEqual([3, true, [2, 3]]);
    const lines = parts.join("").split("\r\n");
    expect(lines).toHaveLength(5);
    expect(lines[0]).toBe("id,created_at,event_type,status,actor_type,actor_id,source_address,route,request_id,simulated,count,detail,target_type,target_id,target_count");
    expect(lines[1]).toBe("93,2026-01-15T12:00:00Z,login,denied,user,7,192.0.2.17,POST /auth/login,5f0c,false,3,'=Wrong password.,user,7,1");
  });

  it("reports an incomplete export", async () => {
    const { count, complete } = await exportEvents(fetchPage, () => undefined, 2);
    expect([count, complete]).toEqual([2, false]);
  });
});

describe("texts", () => {
  it("exist for every value of the API contract", () => {
    type Schema = { properties: Record<string, { enum?: string[] }> };
    const { schemas } = (JSON.parse(contract) as { components: { schemas: { SecurityEvent: Schema; EventTarget: Schema } } }).components;
    const properties = schemas.SecurityEvent.properties;
    for (const words of [securityText.en, securityText.pl]) {
      expect(Object.keys(words.events).sort()).toEqual([...(properties.event_type?.enum ?? [])].sort());
      expect(Object.keys(words.statuses).sort()).toEqual([...(properties.status?.enum ?? [])].sort());
      expect(Object.keys(words.actors).sort()).toEqual([...(properties.actor_type?.enum ?? [])].sort());
      expect(Object.keys(words.targets).sort()).toEqual([...(schemas.EventTarget.properties.target_type?.enum ?? [])].sort());
    }
  });
});
