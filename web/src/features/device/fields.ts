import type { QueryCodec } from "@/lib/address";
import { folded } from "@/lib/search";

/** Shown by default, and at most. */
export const initialFieldCount = 12;
export const maxFields = 48;

/** The chosen fields in the address; none means the first ones. One parameter each, because a name may contain any character. */
export const fieldsCodec: QueryCodec<readonly string[]> = {
  names: ["field"],
  read: (from) => [...new Set(from.getAll("field"))].slice(0, maxFields),
  write: (fields, to) => {
    for (const field of fields.slice(0, maxFields)) to.append("field", field);
  },
};

/** The fields to show: the chosen ones that the device has, in its order, or the first ones. */
export function shownFields(all: readonly string[], chosenFields: readonly string[]): string[] {
  const chosenSet = new Set(chosenFields);
  const available = all.filter((field) => chosenSet.has(field));
  return available.length > 0 ? available : all.slice(0, initialFieldCount);
}

/** The fields whose name or label contains every word. */
export function matchingFields(all: readonly string[], text: string, labels: ReadonlyMap<string, string>): string[] {
  const words = folded(text).split(/\s+/).filter(Boolean);
  return all.filter((field) => {
    const name = folded(`${field} ${labels.get(field) ?? ""}`);
    return words.every((word) => name.includes(word));
  });
}
