// Writes schema/report.v1.json from src/report/schema.ts. A test fails when the file and the source differ.
import { mkdirSync, writeFileSync } from "node:fs";
import { jsonSchema } from "../src/report/schema.ts";

mkdirSync("schema", { recursive: true });
writeFileSync("schema/report.v1.json", `${JSON.stringify(jsonSchema(), undefined, 2)}\n`);
