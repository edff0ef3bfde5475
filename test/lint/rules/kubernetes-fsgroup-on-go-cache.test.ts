import { describe, expect, it } from "vitest";
import { fixed, found } from "../found.ts";
import { container, linesIn, pod } from "../kubernetes-text.ts";

const rule = "kubernetes-fsgroup-on-go-cache";
const go = (uid: number, command = "go, get, x", more = "", path = "/go/pkg/mod"): string =>
  container(
    `u${uid}`,
    "golang",
    `securityContext: {runAsUser: ${uid}}, volumeMounts: [{name: cache, mountPath: ${path}${more}}], command: [${command}]`,
  );
const spec = "securityContext:\n  fsGroup: 2000";
const volume = "persistentVolumeClaim: {claimName: modules}";

describe(rule, () => {
  it.each([
    ["a claim that is walked", { spec, volume, main: [go(1)] }, "opens the module cache"],
    ["said aloud", { spec: `${spec}\n  fsGroupChangePolicy: Always`, volume, main: [go(1)] }, "opens the module cache"],
    ["two users of an emptyDir", { spec, init: [go(1)], main: [go(2)] }, "does not let container"],
    ["root first", { spec, init: [go(0)], main: [go(2)] }, "does not let container"],
  ])("%s", (_, parts, words) => {
    const findings = found(rule, "pod.yaml", pod(parts));
    expect(findings.map(({ location }) => location?.line)).toEqual([6]);
    expect(findings[0]?.message).toContain(words);
  });

  it.each([
    ["once is enough", { spec: `${spec}\n  fsGroupChangePolicy: OnRootMismatch`, volume, main: [go(1)] }],
    ["no group", { volume, main: [go(1)] }],
    ["the group is another volume's", { spec, volume, main: [go(1, "ls", "", "/data")] }],
    ["only read", { spec, volume, main: [go(1, "go, build", ", readOnly: true")] }],
    ["a build cache has no protection", { spec, volume, main: [go(1, "go, build", "", "/.cache")] }],
    ["one user of an emptyDir", { spec, init: [go(1)], main: [go(1)] }],
    ["root last", { spec, init: [go(1)], main: [go(0)] }],
    ["a umask", { spec, init: [go(1, "sh, -c, 'umask 002; go get x'")], main: [go(2)] }],
  ])("is silent: %s", (_, parts) => {
    expect(linesIn(rule, pod(parts))).toEqual([]);
  });

  it("lets the kubelet walk once, if asked to", () => {
    const text = pod({ spec, volume, main: [go(1)] });
    expect(fixed(rule, "pod.yaml", text)).toBe(text);
    expect(fixed(rule, "pod.yaml", text, true)).toBe(
      text.replace("fsGroup:", "fsGroupChangePolicy: OnRootMismatch\n    fsGroup:"),
    );
  });
});
