import { expect, it } from "vitest";

import { scaleFactor, timeLabels, axisRange } from "./axis";

it("labels a time axis with the parts that differ", () => {
  const at = (year: number, month: number, day: number) => new Date(year, month, day).getTime() / 1000;
  const evening = new Date(2026, 0, 15, 23, 30).getTime() / 1000;
  expect(timeLabels("en", [evening, evening + 1800], 1800)).toEqual(["23:30", "Jan 16"]);
  expect(timeLabels("pl", [evening + 1800], 1800)).toEqual(["16 sty"]);
  expect(timeLabels("en", [evening], 10)).toEqual(["23:30:00"]);
  expect(timeLabels("en", [at(2026, 0, 15)], 86_400)).toEqual(["Jan 15"]);
  expect(timeLabels("en", [at(2026, 1, 1)], 28 * 86_400)).toEqual(["Feb 2026"]);
});

it("scales values that are too small or too large to draw", () => {
  const factor = (...values: (number | null)[]) => scaleFactor({ min: values, max: values });
  expect([factor(), factor(null, 0), factor(-40, 60_000), factor(1013)]).toEqual([1, 1, 1, 1]);
  expect([factor(1e-12, 5e-12), factor(-1e308, 1e308), factor(5e-324)]).toEqual([1e-12, 1e308, 1e-307]);
});

it("adds a margin, but not below zero", () => {
  expect(axisRange(-10, 15)).toEqual([-12, 17]);
  expect(axisRange(1, 101)).toEqual([0, 109]);
  expect(axisRange(20, 20)).toEqual([19, 21]);
  expect(axisRange(0, 0)).toEqual([0, 1]);
  expect(axisRange(null, null)).toEqual([0, 1]);
});
