import { describe, expect, it } from "vitest";

import text from "../../../../tests/support/field_names.json?raw";
import { readFieldName, stepsOf, writeFieldName } from "./field-name";
import { type Value, flatten } from "./fleet";

type Vectors = {
  names: { name: string; path: (string | number)[] }[];
  not_names: { text: string; at: number }[];
  payloads: { payload: unknown; fields: [string, Value][] }[];
};
const vectors = JSON.parse(text) as Vectors;

describe("names of fields", () => {
  it("convert to a path and back", () => {
    for (const { name, path } of vectors.names) {
      expect(readFieldName(name), name).toEqual(path);
      expect(writeFieldName(path)).toBe(name);
    }
  });

  it("are refused at the same position as by the server", () => {
    for (const { text: none, at } of vectors.not_names) {
      const read = readFieldName(none);
      expect(Array.isArray(read), none).toBe(false);
      expect(Array.isArray(read) ? [] : new TextEncoder().encode(none.slice(0, read.errorAt)).length, none).toBe(at);
      expect(stepsOf(none)).toEqual([none]);
    }
  });

  it("equal the server's names for every payload", () => {
    for (const { payload, fields } of vectors.payloads) {
      const flattened = new Map<string, Value>();
      flatten(payload, flattened);
      expect([...flattened].sort()).toEqual([...fields].sort());
    }
  });
});
