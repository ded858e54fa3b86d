import { describe, expect, it } from "vitest";

import { AlertRuleRequest, CreateDeviceRequest, CreateDeviceRequestBounds, CreateUserRequest, PolicyRequest, PolicyRequestBounds } from "./requests";
import { invalidIn, problemsIn } from "./schema";

const category = "smart_lock";

describe("the schemas of the requests", () => {
  it("refuse what the server would refuse", () => {
    for (const name of ["", "xy", "x".repeat(101), "a\tb\tc", null, 3]) expect([...invalidIn(CreateDeviceRequest, { name, category })], String(name)).toEqual(["name"]);
    expect([...invalidIn(CreateDeviceRequest, { name: "Roof" })]).toEqual(["category"]);
    expect([...invalidIn(CreateDeviceRequest, { name: "Roof", category: "toaster" })]).toEqual(["category"]);
    expect([...invalidIn(CreateDeviceRequest, { name: "Roof", category })]).toEqual([]);
  });

  it("count characters, not UTF-16 units", () => {
    expect([...invalidIn(CreateDeviceRequest, { name: "🌡".repeat(100), category })]).toEqual([]);
    expect([...invalidIn(CreateDeviceRequest, { name: "🌡".repeat(2), category })]).toEqual(["name"]);
  });

  it("bound whole numbers", () => {
    for (const value of [-1, 1.5, Number.NaN, 86_400_001, "1"]) expect([...invalidIn(PolicyRequest, { min_interval_ms: value })], String(value)).toEqual(["min_interval_ms"]);
    for (const value of [0, 86_400_000, null, undefined]) expect([...invalidIn(PolicyRequest, { min_interval_ms: value })], String(value)).toEqual([]);
  });

  it("leave values of several types to the server", () => {
    for (const value of ["forced", 3.5, true, null]) expect([...invalidIn(AlertRuleRequest, { name: "x", severity: "info", kind: "field", value })]).toEqual([]);
  });

  it("know the bounds for the attributes of inputs", () => {
    expect(CreateDeviceRequestBounds.name).toEqual({ minLength: 3, maxLength: 100 });
    expect(PolicyRequestBounds.payload_limit_bytes).toEqual({ min: 2, max: 1_000_000 });
  });

  it("yield the messages that the form has", () => {
    expect(problemsIn(CreateUserRequest, { email: "x".repeat(255), password: "short" }, { password: "Too short." })).toEqual({ password: "Too short." });
    expect(problemsIn(CreateUserRequest, { email: "a@example.com", password: "long enough" }, { password: "Too short." })).toEqual({});
  });
});
