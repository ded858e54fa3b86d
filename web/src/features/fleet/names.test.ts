import { expect, it } from "vitest";

import { suggestedName } from "./names";

it("suggests an unused name", () => {
  expect(suggestedName("Camera", new Set())).toBe("Camera");
  expect(suggestedName("Camera", new Set(["Camera", "Camera 2", "Camera 4"]))).toBe("Camera 3");
});
