import * as z from "zod/mini";

import { characterCount } from "./characters";

/** Bounds the number of characters, as the server counts them. */
export function characters(min: number, max: number) {
  return z.refine<string>((text) => {
    const count = characterCount(text);
    return count >= min && count <= max;
  });
}

/** The properties of the request that the schema refuses. The schemas are in `requests.ts`, which is generated from the OpenAPI document. */
export function invalidIn(schema: z.ZodMiniType, request: unknown): ReadonlySet<string> {
  const { error } = z.safeParse(schema, request);
  return new Set(error?.issues.map(({ path }) => String(path[0])));
}

/** The messages of the properties that the schema refuses. A property without a message is left to the server. */
export function problemsIn<Request extends object>(schema: z.ZodMiniType, request: Request, messages: Readonly<Partial<Record<keyof Request & string, string>>>): Record<string, string> {
  const invalid = invalidIn(schema, request);
  return Object.fromEntries(Object.entries<string | undefined>(messages).flatMap(([property, message]) => (invalid.has(property) && message !== undefined ? [[property, message]] : [])));
}
