import type { Wording } from "../../lib/address";
import { folded } from "../../lib/search";

/** So many are shown where nobody chose, and so many can be. */
export const atFirst = 12;
export const most = 48;

/** Which fields are looked at; none: the first ones. As the address has it, one by one, for a name may have any character. */
export const fieldsWording: Wording<readonly string[]> = {
  names: ["field"],
  read: (from) => [...new Set(from.getAll("field"))].slice(0, most),
  write: (fields, to) => {
    for (const each of fields.slice(0, most)) to.append("field", each);
  },
};

/** Those of a device that are shown: what was chosen, as far as it has it, in its order. */
export function shownOf(all: readonly string[], chosen: readonly string[]): string[] {
  const wanted = new Set(chosen);
  const there = all.filter((each) => wanted.has(each));
  return there.length > 0 ? there : all.slice(0, atFirst);
}

/** Those whose name or label has all of the words. */
export function found(all: readonly string[], text: string, labels: ReadonlyMap<string, string>): string[] {
  const words = folded(text).split(/\s+/).filter(Boolean);
  return all.filter((each) => {
    const name = folded(`${each} ${labels.get(each) ?? ""}`);
    return words.every((word) => name.includes(word));
  });
}
