import { describe, expect, it } from "vitest";

import { ApiError } from "@/lib/api";
import { adviceOn, detailsOf } from "./failures";
import { componentsText } from "./text";

const { en, pl } = componentsText;

describe("failures", () => {
  it("are explained in the reader's language", () => {
    expect(adviceOn(new ApiError(0, "x"), en)).toBe(en.offline);
    expect(adviceOn(new ApiError(429, "x", 3), pl)).toBe("Zbyt wiele prób. Spróbuj ponownie za 3 sekundy.");
    expect(adviceOn(new ApiError(429, "x"), en)).toBe(en.tooOftenSoon);
    expect(adviceOn(new ApiError(500, "x"), pl)).toBe(pl.fault);
    expect(adviceOn(new ApiError(400, "x"), en)).toBe(en.unknown);
    expect(adviceOn(new Error("x"), en)).toBe(en.unknown);
  });

  it("show the server's message, or its field errors", () => {
    expect(detailsOf(new ApiError(400, "This e-mail address is taken already."))).toEqual(["This e-mail address is taken already."]);
    expect(detailsOf(new ApiError(422, "1 field is invalid: name.", undefined, [{ loc: "body.name", msg: "Too short." }]))).toEqual(["name: Too short."]);
    expect(detailsOf(new ApiError(0, "x"))).toEqual([]);
  });
});
