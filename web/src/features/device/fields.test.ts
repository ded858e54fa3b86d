import { expect, it } from "vitest";

import { initialFieldCount, fieldsCodec, matchingFields, maxFields, shownFields } from "./fields";

const many = Array.from({ length: 400 }, (_, n) => `f${n}`);

it("shows the first fields, or the chosen ones", () => {
  expect(shownFields(many, [])).toEqual(many.slice(0, initialFieldCount));
  expect(shownFields(many, ["f300", "gone", "f2"])).toEqual(["f2", "f300"]);
  expect(shownFields(many, ["gone"])).toEqual(many.slice(0, initialFieldCount));
});

it("keeps fields of any name in the address", () => {
  const query = new URLSearchParams();
  fieldsCodec.write(["a,b", "x&y=z", "", "ł"], query);
  expect(fieldsCodec.read(new URLSearchParams(query.toString()))).toEqual(["a,b", "x&y=z", "", "ł"]);
  const all = new URLSearchParams();
  fieldsCodec.write(many, all);
  expect(fieldsCodec.read(all)).toHaveLength(maxFields);
});

it("finds a field by words of its name or label", () => {
  const labels = new Map([["battery.temp_c", "battery temp"]]);
  expect(matchingFields(["battery.temp_c", "room.temp_c"], "TEMP batt", labels)).toEqual(["battery.temp_c"]);
  expect(matchingFields(many, " ", labels)).toHaveLength(400);
});
