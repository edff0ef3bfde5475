import { describe, expect, it } from "vitest";
import { linesOf } from "../found.ts";

const rule = "checksum-bypass-wide";
const lines = (line: string): number[] => linesOf(rule, `FROM golang:1.22\n${line}\n`);

describe(`${rule} in files`, () => {
  it.each(["ENV GOPRIVATE=*", "ENV GONOSUMDB=github.com", "RUN go env -w GOPRIVATE='*'", "RUN GONOSUMDB=* go build"])(
    "%s",
    (line) => expect(lines(line)).toEqual([2]),
  );

  it.each([
    "ENV GOPRIVATE=git.example.org/*",
    "ENV GOPRIVATE=github.com/our-organisation/*",
    "ENV GONOSUMDB=",
    "ENV GONOPROXY=*",
  ])("is silent: %s", (line) => expect(lines(line)).toEqual([]));
});
