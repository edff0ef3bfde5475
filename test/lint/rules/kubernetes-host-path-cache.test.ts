import { describe, expect, it } from "vitest";
import { found } from "../found.ts";
import { container, linesIn, pod } from "../kubernetes-text.ts";

const rule = "kubernetes-host-path-cache";
const volume = "hostPath: {path: /var/cache/go, type: DirectoryOrCreate}";
const go = (mount: string, rest = "command: [go, build]"): string =>
  container("build", "golang", `volumeMounts: [{name: cache, ${mount}}], ${rest}`);

describe(rule, () => {
  it.each([
    ["modules", go("mountPath: /go/pkg/mod"), 8],
    ["all of GOPATH", go("mountPath: /go"), 8],
    ["a build cache", go("mountPath: /root/.cache"), 8],
    ["by the environment", go("mountPath: /c", "env: [{name: GOMODCACHE, value: /c/mod}]"), 8],
  ])("%s", (_, one, line) => expect(linesIn(rule, pod({ main: [one], volume }))).toEqual([line]));

  it.each([
    ["only read", go("mountPath: /go/pkg/mod, readOnly: true"), volume],
    ["an emptyDir", go("mountPath: /go/pkg/mod"), "emptyDir: {}"],
    ["a claim", go("mountPath: /go/pkg/mod"), "persistentVolumeClaim: {claimName: c}"],
    ["something else of the node", go("mountPath: /var/run/docker.sock"), volume],
  ])("is silent: %s", (_, one, kind) => expect(linesIn(rule, pod({ main: [one], volume: kind }))).toEqual([]));

  it("names the user, if that is told", () => {
    const one = go("mountPath: /go/pkg/mod", "securityContext: {runAsUser: 7, runAsGroup: 8}");
    const root = go("mountPath: /go/pkg/mod", "securityContext: {runAsUser: 0}");
    const [finding] = found(rule, "pod.yaml", pod({ init: [root], main: [one], volume }));
    expect(finding?.subject).toBe("uid 7");
    expect(finding?.fixes[1]?.command).toBe("sudo gomodcache init --cache-dir DIR --owner 7:8");
  });
});
