import { expect, it } from "vitest";

import { folded, hasText, natural } from "./search";

it("ignores case and accents on both sides", () => {
  expect(folded("ŁÓDŹ Straße Ærø ﬁve")).toBe("lodz strasse aero five");
  expect(hasText("Łódź, Piotrkowska", " lodz ")).toBe(true);
  expect(hasText("Lodz", "ŁÓDŹ")).toBe(true);
  expect(hasText("Zażółć gęślą jaźń", "zazolc GESLA")).toBe(true);
  expect(hasText("e\u0301tage", "éta")).toBe(true);
  expect(hasText("Łódź", "lodx")).toBe(false);
  expect(hasText("anything", "  ")).toBe(true);
});

it("sorts numbers in numeric order", () => {
  expect(["Pump 10", "pump 9", "Écluse", "dam", "Eclipse", "pump 1"].sort(natural.compare)).toEqual(["dam", "Eclipse", "Écluse", "pump 1", "pump 9", "Pump 10"]);
});
