import { describe, expect, it } from "vitest";

import document from "../../../../docs/openapi.json";
import { type Decided, bounds, decidedOf, draftOf, isLimit, keepsShorter } from "./policy";

const nothing: Decided = { min_interval_ms: null, payload_limit_bytes: null, backfill_per_second: null, backfill_burst: null, keep_readings_days: null, keep_rollups_days: null };
const effective = { min_interval_ms: 1000, payload_limit_bytes: 2048, backfill_per_second: 100, backfill_burst: 10_000, keep_readings_days: 30, keep_rollups_days: 0 };

describe("limits", () => {
  it("have the bounds of the API contract", () => {
    const properties = document.components.schemas.PolicyRequest.properties as unknown as Record<string, { anyOf: { minimum?: number; maximum?: number }[] }>;
    const apiBounds = Object.entries(properties).map(([name, { anyOf }]) => [name, [anyOf[0]?.minimum, anyOf[0]?.maximum]]);
    expect(Object.fromEntries(apiBounds)).toEqual(bounds);
  });

  it("are whole numbers within the bounds, or empty", () => {
    for (const typed of ["", " ", "0", "86400000", " 500 "]) expect(isLimit("min_interval_ms", typed), typed).toBe(true);
    for (const typed of ["-1", "1.5", "1e3", "86400001", "x", "9999999999"]) expect(isLimit("min_interval_ms", typed), typed).toBe(false);
    expect(isLimit("payload_limit_bytes", "1")).toBe(false);
  });

  it("survive the conversion to a form and back", () => {
    const decided: Decided = { ...nothing, min_interval_ms: 0, keep_readings_days: 30 };
    expect(draftOf(decided)).toMatchObject({ min_interval_ms: "0", keep_readings_days: "30", backfill_burst: "" });
    expect(decidedOf(draftOf(decided))).toEqual(decided);
    expect(decidedOf({ ...draftOf(nothing), payload_limit_bytes: " 512 " })).toEqual({ ...nothing, payload_limit_bytes: 512 });
  });

  it("detect a shorter retention", () => {
    const draft = draftOf(nothing);
    expect(keepsShorter(draft, effective)).toBe(false);
    expect(keepsShorter({ ...draft, keep_readings_days: "29" }, effective)).toBe(true);
    expect(keepsShorter({ ...draft, keep_readings_days: "31" }, effective)).toBe(false);
    expect(keepsShorter({ ...draft, keep_readings_days: "0" }, effective)).toBe(false);
    expect(keepsShorter({ ...draft, keep_rollups_days: "3000" }, effective)).toBe(true);
  });
});
