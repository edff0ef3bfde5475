// The labelled failures of real users and of provoked runs: test/fixtures/corpus.
import { readFileSync } from "node:fs";

export interface LogRecord {
  readonly id: string;
  readonly output: string;
  readonly category: string;
  readonly subcategory: string;
}

export function corpus(name: string): LogRecord[] {
  const text = readFileSync(new URL(`../fixtures/corpus/${name}.jsonl`, import.meta.url), "utf8");
  return text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as LogRecord);
}
