// Writes the zod schemas of the API's requests, for forms: node scripts/requests.js <openapi.json> <output.ts>
//
// A form checks with them what the server would reject. The server checks again, so what they can't express they leave to it: formats,
// and values of several types.
import { readFileSync, writeFileSync } from "node:fs";

const [input, output] = process.argv.slice(2);
const { schemas } = JSON.parse(readFileSync(input, "utf8")).components;

/** Strings are counted in characters, as in JSON Schema: zod's own bounds count UTF-16 units. */
function checksOf({ type, minLength = 0, maxLength, pattern, minimum, maximum }) {
  const checks = [];
  if (type === "string" && (minLength > 0 || maxLength !== undefined)) checks.push(`characters(${minLength}, ${maxLength ?? "Infinity"})`);
  if (pattern !== undefined) checks.push(`z.regex(new RegExp(${JSON.stringify(pattern)}, "u"))`);
  if (minimum !== undefined) checks.push(`z.gte(${minimum})`);
  if (maximum !== undefined) checks.push(`z.lte(${maximum})`);
  return checks.length === 0 ? "" : `.check(${checks.join(", ")})`;
}

function zodOf(schema) {
  if (schema.anyOf !== undefined) {
    const [only, ...others] = schema.anyOf.filter(({ type }) => type !== "null");
    return others.length > 0 || only === undefined ? "z.unknown()" : `z.nullable(${zodOf(only)})`;
  }
  if (schema.enum !== undefined) return `z.enum(${JSON.stringify(schema.enum)})`;
  const kinds = { string: "z.string()", integer: "z.int()", number: "z.number()", boolean: "z.boolean()" };
  const kind = kinds[schema.type];
  return kind === undefined ? "z.unknown()" : kind + checksOf(schema);
}

/** The bounds as the attributes of an <input> name them. */
function boundsOf(schema) {
  const { minLength, maxLength, minimum, maximum } = schema.anyOf?.[0] ?? schema;
  return { ...(minLength > 0 ? { minLength } : {}), ...(maxLength === undefined ? {} : { maxLength }), ...(minimum === undefined ? {} : { min: minimum }), ...(maximum === undefined ? {} : { max: maximum }) };
}

const lines = ["// Generated from docs/openapi.json by scripts/requests.js.", 'import * as z from "zod/mini";', "", 'import { characters } from "./schema";'];
for (const [name, { properties = {}, required = [] }] of Object.entries(schemas).filter(([name]) => name.endsWith("Request"))) {
  const fields = Object.entries(properties);
  lines.push("", `export const ${name} = /* @__PURE__ */ (() => z.object({`);
  for (const [property, schema] of fields) lines.push(`  ${property}: ${required.includes(property) ? zodOf(schema) : `z.optional(${zodOf(schema)})`},`);
  lines.push("}))();", `export const ${name}Bounds = ${JSON.stringify(Object.fromEntries(fields.map(([property, schema]) => [property, boundsOf(schema)])))} as const;`);
}
writeFileSync(output, `${lines.join("\n")}\n`);
