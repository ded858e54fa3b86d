import { describe, expect, it } from "vitest";

import { ApiError } from "@/lib/api";
import { rejectedFields } from "./form";

const failure = (...properties: string[]) => new ApiError(422, "x", undefined, properties.map((property) => ({ loc: `body.${property}`, msg: "Too short." })));

describe("a form", () => {
  it("marks the fields that the server rejected", () => {
    expect(rejectedFields(failure("name"), { name: "", url: "" })).toEqual({ name: true });
    expect(rejectedFields(failure("hold_seconds", "name"), { name: "", hold: "" }, { hold_seconds: "hold" })).toEqual({ hold: true, name: true });
  });

  it("has no mark for what it doesn't show", () => {
    expect(rejectedFields(failure("role"), { name: "" })).toEqual({});
  });
});
