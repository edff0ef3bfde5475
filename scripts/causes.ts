// Writes docs/causes from the rules. A test fails when the files and the rules differ.
import { mkdirSync, writeFileSync } from "node:fs";
import { causePages } from "./cause-pages.ts";

mkdirSync("docs/causes", { recursive: true });
for (const [file, text] of causePages()) writeFileSync(`docs/causes/${file}`, text);
