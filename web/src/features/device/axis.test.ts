import { expect, it } from "vitest";

import { factorOf, labelsFor, scaleOf } from "./axis";

it("labels a time axis by what tells its lines apart", () => {
  const at = (year: number, month: number, day: number) => new Date(year, month, day).getTime() / 1000;
  const evening = new Date(2026, 0, 15, 23, 30).getTime() / 1000;
  expect(labelsFor("en", [evening, evening + 1800], 1800)).toEqual(["23:30", "Jan 16"]);
  expect(labelsFor("pl", [evening + 1800], 1800)).toEqual(["16 sty"]);
  expect(labelsFor("en", [evening], 10)).toEqual(["23:30:00"]);
  expect(labelsFor("en", [at(2026, 0, 15)], 86_400)).toEqual(["Jan 15"]);
  expect(labelsFor("en", [at(2026, 1, 1)], 28 * 86_400)).toEqual(["Feb 2026"]);
});

it("scales what is too small or too large to be drawn", () => {
  const of = (...values: (number | null)[]) => factorOf({ min: values, max: values });
  expect([of(), of(null, 0), of(-40, 60_000), of(1013)]).toEqual([1, 1, 1, 1]);
  expect([of(1e-12, 5e-12), of(-1e308, 1e308), of(5e-324)]).toEqual([1e-12, 1e308, 1e-307]);
});

it("gives a line room, and none below zero", () => {
  expect(scaleOf(-10, 15)).toEqual([-12, 17]);
  expect(scaleOf(1, 101)).toEqual([0, 109]);
  expect(scaleOf(20, 20)).toEqual([19, 21]);
  expect(scaleOf(0, 0)).toEqual([0, 1]);
  expect(scaleOf(null, null)).toEqual([0, 1]);
});
