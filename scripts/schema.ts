// Writes the files of schema/ from their sources. Tests fail when a file and its source differ.
import { mkdirSync, writeFileSync } from "node:fs";
import { eventSchema } from "../src/audit/event-schema.ts";
import { jsonSchema } from "../src/report/schema.ts";

mkdirSync("schema", { recursive: true });
for (const [file, schema] of [
  ["report.v1.json", jsonSchema()],
  ["event.v1.json", eventSchema()],
] as const)
  writeFileSync(`schema/${file}`, `${JSON.stringify(schema, undefined, 2)}\n`);
