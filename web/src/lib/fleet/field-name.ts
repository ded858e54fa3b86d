// Names of values in a payload. server/domain/field_name.hpp documents the grammar; both implementations pass the test vectors in
// tests/support/field_names.json.

/** A member's key or an element's index. */
export type Step = string | number;

const maxDepth = 32;
/** At most this many values within an array have names, including values nested in it. */
export const maxArrayValues = 64;

/** The name of the member `key` of `parent`. An empty `parent` is the payload itself. */
export function memberOf(parent: string, key: string): string {
  const written = key === "" ? "\\e" : key.replace(/[\\.,[\]]/g, "\\$&");
  return parent === "" ? written : `${parent}.${written}`;
}

export const elementOf = (parent: string, index: number): string => `${parent}[${index}]`;

export const writeFieldName = (path: readonly Step[]): string => path.reduce<string>((name, step) => (typeof step === "string" ? memberOf(name, step) : elementOf(name, step)), "");

/** Parses a name into its path. For an invalid name, returns the offset of the error in UTF-16 units. */
export function readFieldName(name: string): Step[] | { errorAt: number } {
  const path: Step[] = [];
  const keys = /(\\e)|((?:[^\\.,[\]]|\\[\\.,[\]])+)/y;
  const indexes = /\[(0|[1-9]\d*)\]/y;
  for (let at = 0, keyIsNext = true; ; ) {
    if (keyIsNext) {
      keys.lastIndex = at;
      const match = keys.exec(name);
      // The character after the key is checked below.
      if (match === null || path.length === maxDepth) return { errorAt: at };
      path.push(match[1] !== undefined ? "" : match[0].replace(/\\(.)/g, "$1"));
      at += match[0].length;
    } else {
      indexes.lastIndex = at;
      const match = indexes.exec(name);
      if (match === null || Number(match[1]) >= maxArrayValues || path.length === maxDepth) return { errorAt: at };
      path.push(Number(match[1]));
      at += match[0].length;
    }
    if (at === name.length) return path;
    if (name[at] !== "." && name[at] !== "[") return { errorAt: at };
    keyIsNext = name[at] === ".";
    if (keyIsNext) at += 1;
  }
}

/** The path of a name, for display. An invalid name is a single step. */
export function stepsOf(name: string): readonly Step[] {
  const path = readFieldName(name);
  return Array.isArray(path) ? path : [name];
}
