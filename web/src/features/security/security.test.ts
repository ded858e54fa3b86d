import { describe, expect, it } from "vitest";

import contract from "../../../../docs/openapi.json?raw";
import { exportEvents } from "./export";
import { type Question, type SecurityEvent, countOf, everything, fits, pathOf, questionOf, withRange } from "./filter";
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
const anything: Question = questionOf(everything, noon);

describe("the filter of the security log", () => {
  it("asks for what is set", () => {
    expect(pathOf(anything, 100)).toBe("/admin/security-events?limit=100&routine=false");
    const question = questionOf({ ...everything, range: "hour", status: "denied", actorId: " 7 " }, noon);
    expect(pathOf(question, 100)).toBe("/admin/security-events?limit=100&since=2026-01-15T11%3A00%3A00.000Z&status=denied&actor_id=7&routine=false");
    expect(pathOf({ ...anything, targetType: "device", targetId: " 7b0c ", routine: true }, 100)).toBe("/admin/security-events?limit=100&target_type=device&target_id=7b0c");
    expect(pathOf({ ...anything, eventType: "device_auth" }, 100)).toBe("/admin/security-events?limit=100&event_type=device_auth");
  });

  it("takes its own times in the viewer's zone, where they are whole", () => {
    const question = questionOf({ ...everything, range: "custom", since: "2026-01-15T13:00", until: "" }, noon);
    expect([question.from, question.to]).toEqual([new Date(2026, 0, 15, 13).getTime(), undefined]);
  });

  it("begins one's own time with the last day", () => {
    const filter = withRange(everything, "custom", noon);
    expect(questionOf(filter, noon).from).toBe(noon - 24 * 3_600_000);
    expect(withRange({ ...filter, since: "2026-01-01T00:00" }, "custom", noon).since).toBe("2026-01-01T00:00");
  });

  it("counts what is set", () => {
    expect(countOf(everything)).toBe(0);
    expect(countOf({ ...everything, range: "day", eventType: "login", actorId: "7" })).toBe(3);
  });

  it("lets in of what is heard what the server would list", () => {
    expect(fits(event, anything)).toBe(true);
    expect(fits(event, { ...anything, from: noon, to: noon })).toBe(true);
    expect(fits(event, { ...anything, from: noon + 1 })).toBe(false);
    expect(fits(event, { ...anything, to: noon - 1 })).toBe(false);
    expect(fits(event, { ...anything, eventType: "login", status: "denied", actorType: "user", actorId: "7" })).toBe(true);
    expect(fits(event, { ...anything, eventType: "logout" })).toBe(false);
    expect(fits(event, { ...anything, status: "success" })).toBe(false);
    expect(fits(event, { ...anything, actorType: "device" })).toBe(false);
    expect(fits(event, { ...anything, targetType: "user" })).toBe(true);
    expect(fits(event, { ...anything, targetType: "user", targetId: "8" })).toBe(false);
    const several: SecurityEvent = { ...event, targets: [...event.targets, { target_type: "device", target_id: "7b0c" }] };
    expect(fits(several, { ...anything, targetType: "device", targetId: "7b0c" })).toBe(true);
    expect(fits(several, { ...anything, targetType: "device" })).toBe(false);
    const routine: SecurityEvent = { ...event, event_type: "device_auth", status: "success" };
    expect(fits(routine, anything)).toBe(false);
    expect(fits(routine, { ...anything, routine: true })).toBe(true);
    expect(fits(routine, { ...anything, eventType: "device_auth" })).toBe(true);
    expect(fits({ ...event, actor_id: null }, { ...anything, actorId: "7" })).toBe(false);
  });
});

describe("the export of the security log", () => {
  const pages = [
    { items: [event, { ...event, id: 92 }], next: "a" },
    { items: [{ ...event, id: 91 }], next: undefined },
  ];
  const fetchPage = (cursor: string | undefined) => Promise.resolve(pages[cursor === undefined ? 0 : 1] ?? { items: [], next: undefined });

  it("goes to the end, and makes formulas harmless", async () => {
    const told: number[] = [];
    const { parts, count, whole } = await exportEvents(fetchPage, (each) => told.push(each));
    expect([count, whole, told]).toEqual([3, true, [2, 3]]);
    const lines = parts.join("").split("\r\n");
    expect(lines).toHaveLength(5);
    expect(lines[0]).toBe("id,created_at,event_type,status,actor_type,actor_id,source_address,route,request_id,simulated,count,detail,target_type,target_id,target_count");
    expect(lines[1]).toBe("93,2026-01-15T12:00:00Z,login,denied,user,7,192.0.2.17,POST /auth/login,5f0c,false,3,'=Wrong password.,user,7,1");
  });

  it("says where it isn't whole", async () => {
    const { count, whole } = await exportEvents(fetchPage, () => undefined, 2);
    expect([count, whole]).toEqual([2, false]);
  });
});

describe("words", () => {
  it("are there for every event the contract knows", () => {
    type Schema = { properties: Record<string, { enum?: string[] }> };
    const { schemas } = (JSON.parse(contract) as { components: { schemas: { SecurityEvent: Schema; EventTarget: Schema } } }).components;
    const known = schemas.SecurityEvent.properties;
    for (const words of [securityText.en, securityText.pl]) {
      expect(Object.keys(words.events).sort()).toEqual([...(known.event_type?.enum ?? [])].sort());
      expect(Object.keys(words.statuses).sort()).toEqual([...(known.status?.enum ?? [])].sort());
      expect(Object.keys(words.actors).sort()).toEqual([...(known.actor_type?.enum ?? [])].sort());
      expect(Object.keys(words.targets).sort()).toEqual([...(schemas.EventTarget.properties.target_type?.enum ?? [])].sort());
    }
  });
});
