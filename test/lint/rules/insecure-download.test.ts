import { describe, expect, it } from "vitest";
import { found, linesOf } from "../found.ts";

const rule = "insecure-download";
const lines = (line: string): number[] => linesOf(rule, `FROM golang:1.22\n${line}\n`);

describe(`${rule} in files`, () => {
  it.each([
    "ENV GIT_SSL_NO_VERIFY=1",
    "ENV GOINSECURE=*",
    "ENV GOFLAGS=-insecure",
    "RUN git config --global http.sslVerify false",
    "RUN git config --global http.https://git.example.org/.sslverify 0",
    "RUN GIT_SSL_NO_VERIFY=true go mod download",
  ])("%s", (line) => expect(lines(line)).toEqual([2]));

  it.each([
    "ENV GIT_SSL_NO_VERIFY=0",
    "ENV GOINSECURE=",
    "RUN git config --global http.sslVerify true",
    "ENV GOFLAGS=-mod=vendor",
  ])("is silent: %s", (line) => expect(lines(line)).toEqual([]));

  it("is only advice for one internal server", () => {
    const [finding] = found(rule, "x.sh", "export GOINSECURE=git.internal.example.org\n");
    expect(finding?.severity).toBe("advice");
  });
});
