import { describe, expect, it } from "vitest";
import { fixed, found } from "../found.ts";
import { container, linesIn, pod } from "../kubernetes-text.ts";

const rule = "kubernetes-root-without-capabilities";
const main = container("build", "golang", "volumeMounts: [{name: cache, mountPath: /go/pkg/mod}]");
const init = (script: string, capabilities = "drop: [ALL]", uid = 0): string =>
  container(
    "own",
    "alpine",
    `securityContext: {runAsUser: ${uid}, capabilities: {${capabilities}}}, volumeMounts: [{name: cache, mountPath: /cache}], command: [sh, -c, '${script}']`,
  );
const lines = (one: string): number[] => linesIn(rule, pod({ init: [one], main: [main] }));

describe(rule, () => {
  it.each([
    ["chown", init("chown -R 1001:1001 /cache && chmod -R u+rwx,g+rx,o= /cache")],
    ["without -R", init("chown 1001 /cache")],
    ["by a variable", init("D=/cache; export D; chown -R app $D/mod")],
    ["only CHOWN", init("chown -R 1001 /cache", "drop: [CHOWN]")],
    ["in Kubernetes' long and small letters", init("chown 1001 /cache", "drop: [all], add: [NET_BIND_SERVICE]")],
    ["gomodcache", init("gomodcache init --cache-dir /cache --owner 1001:1001")],
  ])("%s", (_, one) => expect(lines(one)).toEqual([6]));

  it.each([
    ["it has them", init("chown -R 1001 /cache", "drop: [ALL], add: [CHOWN]")],
    ["nothing is dropped", init("chown -R 1001 /cache", "")],
    ["something else is dropped", init("chown -R 1001 /cache", "drop: [NET_RAW]")],
    ["another directory", init("chown -R 1001 /data")],
    ["to root itself", init("chown -R 0:0 /cache")],
    ["not root", init("chown -R 1001 /cache", "drop: [ALL]", 1001)],
    ["no chown", init("ls /cache; gomodcache doctor")],
    ["privileged", init("chown 1001 /cache").replace("{runAsUser", "{privileged: true, runAsUser")],
  ])("is silent: %s", (_, one) => expect(lines(one)).toEqual([]));

  it("adds them in braces, in a list that is there, and below each other", () => {
    const text = pod({ init: [init("chown -R 1001 /cache")], main: [main] });
    expect(fixed(rule, "pod.yaml", text)).toBe(text);
    const list = "CHOWN, DAC_OVERRIDE, FOWNER";
    expect(fixed(rule, "pod.yaml", text, true)).toBe(text.replace("drop: [ALL]", `add: [${list}], drop: [ALL]`));
    const some = pod({ init: [init("chown -R 1001 /cache", "drop: [ALL], add: [FOWNER]")], main: [main] });
    expect(fixed(rule, "pod.yaml", some, true)).toBe(some.replace("[FOWNER]", "[FOWNER, CHOWN, DAC_OVERRIDE]"));
    const block = `apiVersion: v1\r
kind: Pod\r
spec:\r
  initContainers:\r
  - name: own\r
    securityContext:\r
      runAsUser: 0\r
      capabilities:\r
        drop: # all of them\r
        - ALL\r
    command: [chown, -R, "1001", /go/pkg/mod]\r
    volumeMounts: [{name: c, mountPath: /go/pkg/mod}]\r
`;
    expect(fixed(rule, "pod.yaml", block, true)).toBe(block.replace("drop:", `add: [${list}]\r\n        drop:`));
    expect(found(rule, "pod.yaml", block)[0]?.message).toMatch(/^init container "own" is root without CAP_CHOWN, /);
  });
});
