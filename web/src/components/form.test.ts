import { describe, expect, it } from "vitest";

import { ApiError } from "@/lib/api";
import { refusedFields } from "./form";

const failure = (...properties: string[]) => new ApiError(422, "x", undefined, properties.map((property) => ({ loc: `body.${property}`, msg: "Too short." })));

describe("a form", () => {
  it("marks the fields that the server refused", () => {
    expect(refusedFields(failure("name"), { name: "", url: "" })).toEqual({ name: true });
    expect(refusedFields(failure("hold_seconds", "name"), { name: "", hold: "" }, { hold_seconds: "hold" })).toEqual({ hold: true, name: true });
  });

  it("has no mark for what it doesn't show", () => {
    expect(refusedFields(failure("role"), { name: "" })).toEqual({});
  });
});
