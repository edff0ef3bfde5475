import { describe, expect, it } from "vitest";
import { found, linesOf } from "../found.ts";

const rule = "checksum-database-off";

describe(`${rule} in files`, () => {
  it.each([
    "ENV GOSUMDB=off",
    "ENV A=b GOSUMDB=off",
    "ARG GOSUMDB=off",
    "RUN GOSUMDB=off go get x",
    "RUN go env -w GOSUMDB=off",
    "ENV GOSUMDB off",
    "RUN export GONOSUMCHECK=1; go get x",
  ])("%s", (line) => expect(linesOf(rule, `FROM golang:1.22\n${line}\n`)).toEqual([2]));

  it("in a script, with its place", () => {
    expect(found(rule, "x.sh", "#!/bin/sh\nexport A=1 GOSUMDB=off\n")).toMatchObject([
      { location: { line: 2, column: 12, endColumn: 23 } },
    ]);
  });

  it.each(["ENV GOSUMDB=sum.golang.org", "ENV GOPRIVATE=git.example.org", "RUN echo GOSUMDB=off", "LABEL GOSUMDB=off"])(
    "is silent: %s",
    (line) => expect(linesOf(rule, `FROM golang:1.22\n${line}\n`)).toEqual([]),
  );
});
