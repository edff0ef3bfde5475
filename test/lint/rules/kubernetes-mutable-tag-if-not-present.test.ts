import { describe, expect, it } from "vitest";
import { fixed } from "../found.ts";
import { container, linesIn, pod } from "../kubernetes-text.ts";

const rule = "kubernetes-mutable-tag-if-not-present";
const one = (image: string, policy = "IfNotPresent", command = "go, build"): string =>
  pod({ main: [container("build", image, `imagePullPolicy: ${policy}, command: [${command}]`)] });

describe(rule, () => {
  it.each([
    ["latest", one("golang:latest")],
    ["no tag", one("golang")],
    ["a registry with a port", one("registry.example.org:5000/tools/go")],
    ["a branch", one("example.org/builder:main")],
    ["ours", one("example.org/gomodcache:latest", "IfNotPresent", "doctor")],
  ])("%s", (_, text) => expect(linesIn(rule, text)).toEqual([6]));

  it.each([
    ["a version", one("golang:1.25")],
    ["a digest", one(`golang:latest@sha256:${"0".repeat(64)}`)],
    ["asked each time", one("golang:latest", "Always")],
    ["no go", one("nginx:latest", "IfNotPresent", "nginx")],
    ["a placeholder", one("golang:$TAG")],
    ["the default", one("golang").replace("imagePullPolicy: IfNotPresent, ", "")],
  ])("is silent: %s", (_, text) => expect(linesIn(rule, text)).toEqual([]));

  it("asks each time, if asked to", () => {
    expect(fixed(rule, "pod.yaml", one("golang"))).toBe(one("golang"));
    expect(fixed(rule, "pod.yaml", one("golang"), true)).toBe(one("golang", "Always"));
  });
});
