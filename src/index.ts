// The library's face: what the commands are made of, for programs that ask instead of people.
export type { Cause, Classification } from "./causes/cause.ts";
export { classify, LogReader } from "./causes/reader.ts";
export { diagnose } from "./doctor/run.ts";
export { UserError } from "./error.ts";
export type { Facts } from "./facts/facts.ts";
export type { CanAnswer, WhyAnswer } from "./finding/answer.ts";
export type { Finding, Report } from "./finding/finding.ts";
export { operations } from "./gocache/operation.ts";
export { openWorld, readFacts } from "./host/facts.ts";
export { Oracle } from "./oracle/ask.ts";
export { explainPath } from "./oracle/explain-path.ts";
export { allRules } from "./rules/all.ts";
export { verify } from "./verify/run.ts";
