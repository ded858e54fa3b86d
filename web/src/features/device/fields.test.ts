import { expect, it } from "vitest";

import { atFirst, fieldsWording, found, most, shownOf } from "./fields";

const many = Array.from({ length: 400 }, (_, n) => `f${n}`);

it("shows the first of many fields, or those that were chosen", () => {
  expect(shownOf(many, [])).toEqual(many.slice(0, atFirst));
  expect(shownOf(many, ["f300", "gone", "f2"])).toEqual(["f2", "f300"]);
  expect(shownOf(many, ["gone"])).toEqual(many.slice(0, atFirst));
});

it("keeps them in the address, whatever they are called", () => {
  const query = new URLSearchParams();
  fieldsWording.write(["a,b", "x&y=z", "", "ł"], query);
  expect(fieldsWording.read(new URLSearchParams(query.toString()))).toEqual(["a,b", "x&y=z", "", "ł"]);
  const all = new URLSearchParams();
  fieldsWording.write(many, all);
  expect(fieldsWording.read(all)).toHaveLength(most);
});

it("finds a field by words of its name", () => {
  const labels = new Map([["battery.temp_c", "battery temp"]]);
  expect(found(["battery.temp_c", "room.temp_c"], "TEMP batt", labels)).toEqual(["battery.temp_c"]);
  expect(found(many, " ", labels)).toHaveLength(400);
});
