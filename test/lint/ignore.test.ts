import { describe, expect, it } from "vitest";
import { lint } from "../../src/lint/run.ts";

const head = "FROM golang:1.22\nUSER 1001\n";
const run = "RUN --mount=type=cache,target=/go/pkg/mod go get x\n";
const dockerfile = (text: string) => lint([{ path: "Dockerfile", text: head + text }], { only });
const only = new Set(["dockerfile-cache-mount-owner"]);

describe("an ignore", () => {
  it.each([
    ["the line below", `# gomodcache ignore=dockerfile-cache-mount-owner it is chowned\n${run}`],
    ["below other comments", `# gomodcache ignore=dockerfile-cache-mount-owner: it is chowned\n# more\n${run}`],
    ["several rules", `# gomodcache ignore=x, dockerfile-cache-mount-owner – chowned\n${run}`],
    [
      "all of an instruction",
      "# gomodcache ignore=dockerfile-cache-mount-owner it is chowned\nRUN \\\n --mount=type=cache,target=/go/pkg/mod \\\n go get x\n",
    ],
    ["Windows line ends", `# gomodcache ignore=dockerfile-cache-mount-owner chowned\r\n${run.replace("\n", "\r\n")}`],
  ])("covers %s", (_, text) => {
    const { findings, suppressed } = dockerfile(text);
    expect([findings, suppressed]).toEqual([[], 1]);
  });

  it.each([
    ["another rule", `# gomodcache ignore=script-sudo-go because\n${run}`],
    ["an instruction further down", `# gomodcache ignore=dockerfile-cache-mount-owner because\nRUN true\n${run}`],
    ["the instruction before", `${run}# gomodcache ignore=dockerfile-cache-mount-owner because\n`],
    ["a text that only looks like one", `LABEL a="gomodcache ignore=dockerfile-cache-mount-owner because"\n${run}`],
  ])("does not cover %s", (_, text) => {
    const { findings, suppressed } = dockerfile(text);
    expect([findings.length, suppressed]).toEqual([1, 0]);
  });
});
