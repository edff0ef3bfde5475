import { describe, expect, it } from "vitest";
import { fixed, found } from "../found.ts";
import { container, linesIn, pod } from "../kubernetes-text.ts";

const rule = "kubernetes-run-as-non-root-contradicted";
const go = (context: string): string =>
  container("build", "golang", `securityContext: {${context}}, command: [go, build, ./...]`);
const spec = (context: string): string => `securityContext:\n  ${context.replaceAll(", ", "\n  ")}`;

describe(rule, () => {
  it.each([
    ["in one place", { main: [go("runAsNonRoot: true, runAsUser: 0")] }, 6],
    ["root under the pod's demand", { spec: spec("runAsNonRoot: true"), main: [go("runAsUser: 0")] }, 8],
    ["the pod's root", { spec: spec("runAsUser: 0"), main: [go("runAsNonRoot: true")] }, 6],
    [
      "an init container that prepares",
      { spec: spec("runAsNonRoot: true, runAsUser: 1"), init: [go("runAsUser: 0")], main: [go("")] },
      9,
    ],
  ])("%s", (_, parts, line) => {
    const text = pod(parts);
    expect(found(rule, "pod.yaml", text).map(({ severity }) => severity)).toEqual(["error"]);
    expect(linesIn(rule, text)).toEqual([line]);
  });

  it.each([
    ["demanded", { spec: spec("runAsNonRoot: true, runAsUser: 1001"), main: [go("")] }],
    ["the exception is written", { spec: spec("runAsNonRoot: true"), main: [go("runAsNonRoot: false, runAsUser: 0")] }],
    ["root on purpose", { main: [go("runAsUser: 0")] }],
    ["not all numbers are known", { spec: spec("runAsUser: $UID"), main: [go("")] }],
    [
      "root init container without a demand",
      { spec: spec("runAsUser: 1"), init: [go("runAsUser: 0")], main: [go("")] },
    ],
    ["nothing of go", { spec: spec("runAsUser: 1"), main: [container("golang-docs", "nginx", "args: [x]")] }],
  ])("is silent: %s", (_, parts) => {
    expect(linesIn(rule, pod(parts))).toEqual([]);
  });

  it("advises the demand, and adds it", () => {
    const text = pod({ spec: `${spec("runAsUser: 1001")} # as in the image`, main: [go("")] });
    expect(found(rule, "pod.yaml", text).map(({ severity, location }) => [severity, location?.line])).toEqual([
      ["advice", 6],
    ]);
    expect(fixed(rule, "pod.yaml", text)).toBe(text.replace("runAsUser", "runAsNonRoot: true\n    runAsUser"));
    const braces = pod({ spec: "securityContext: {fsGroup: 1, runAsUser: 1001}", main: [go("")] });
    expect(fixed(rule, "pod.yaml", braces)).toBe(braces.replace("runAsUser", "runAsNonRoot: true, runAsUser"));
  });

  it("writes the exception, if asked to", () => {
    const text = pod({ spec: spec("runAsNonRoot: true"), main: [go("runAsUser: 0")] });
    expect(fixed(rule, "pod.yaml", text)).toBe(text);
    expect(fixed(rule, "pod.yaml", text, true)).toBe(text.replace("{runAsUser", "{runAsNonRoot: false, runAsUser"));
  });
});
