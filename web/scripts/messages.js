// Writes the types of the live messages: node scripts/messages.js <asyncapi.json> <output.ts>
//
// openapi-typescript reads only OpenAPI documents. The schemas of an AsyncAPI document are the same JSON Schemas.
import { readFileSync, writeFileSync } from "node:fs";
import openapiTS, { astToString } from "openapi-typescript";

const [input, output] = process.argv.slice(2);
const { info, components } = JSON.parse(readFileSync(input, "utf8"));
const { title, version } = info;
const types = await openapiTS({ openapi: "3.1.0", info: { title, version }, paths: {}, components: { schemas: components.schemas } });
writeFileSync(output, `// Generated from docs/asyncapi.json by scripts/messages.js.\n${astToString(types)}`);
