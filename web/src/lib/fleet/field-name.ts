// The name of a value in a payload: the grammar of server/domain/field_name.hpp, which says more. The vectors of
// tests/support/field_names.json hold for both.

/** A member's key, or an element's number. */
export type Step = string | number;

const mostSteps = 32;
/** So many values within an array have names, those of what is nested in it counted with it. */
export const mostOfArray = 64;

/** The name of a member of what `way` names; an empty `way` is the payload itself. */
export function memberOf(way: string, key: string): string {
  const written = key === "" ? "\\e" : key.replace(/[\\.,[\]]/g, "\\$&");
  return way === "" ? written : `${way}.${written}`;
}

export const elementOf = (way: string, index: number): string => `${way}[${index}]`;

export const writeFieldName = (path: readonly Step[]): string => path.reduce<string>((way, step) => (typeof step === "string" ? memberOf(way, step) : elementOf(way, step)), "");

/** The way that a name is; where it is none, the offset (in UTF-16 units) where it goes wrong. */
export function readFieldName(name: string): Step[] | { wrongAt: number } {
  const path: Step[] = [];
  const keys = /(\\e)|((?:[^\\.,[\]]|\\[\\.,[\]])+)/y;
  const indexes = /\[(0|[1-9]\d*)\]/y;
  for (let at = 0, keyIsNext = true; ; ) {
    if (keyIsNext) {
      keys.lastIndex = at;
      const found = keys.exec(name);
      // What belongs to no key ends it: after one it is looked at below, for what may follow.
      if (found === null || path.length === mostSteps) return { wrongAt: at };
      path.push(found[1] !== undefined ? "" : found[0].replace(/\\(.)/g, "$1"));
      at += found[0].length;
    } else {
      indexes.lastIndex = at;
      const found = indexes.exec(name);
      if (found === null || Number(found[1]) >= mostOfArray || path.length === mostSteps) return { wrongAt: at };
      path.push(Number(found[1]));
      at += found[0].length;
    }
    if (at === name.length) return path;
    if (name[at] !== "." && name[at] !== "[") return { wrongAt: at };
    keyIsNext = name[at] === ".";
    if (keyIsNext) at += 1;
  }
}

/** The steps on the way, for people; a text that is no name is one step. */
export function stepsOf(name: string): readonly Step[] {
  const path = readFieldName(name);
  return Array.isArray(path) ? path : [name];
}
