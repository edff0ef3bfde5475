import { describe, expect, it } from "vitest";
import { fixed, found } from "../found.ts";
import { container, linesIn, pod } from "../kubernetes-text.ts";

const rule = "kubernetes-cache-different-uids";
const go = (name: string, uid: number | string, command: string, path = "/go/pkg/mod"): string =>
  container(
    name,
    "golang:1.25",
    `securityContext: {runAsUser: ${uid}}, volumeMounts: [{name: cache, mountPath: ${path}}], command: [${command}]`,
  );
const get = "go, get, example.com/x";

describe(rule, () => {
  it.each([
    ["an init container before", { init: [go("a", 1000, get)], main: [go("b", 1001, get)] }, 8],
    ["side by side", { main: [go("a", 1000, "go, test, ./..."), go("b", 1001, "go, vet, ./...")] }, 6],
    ["root beside", { main: [go("a", 0, get), go("b", 1001, get)] }, 7],
    ["root below", { main: [go("a", 1001, get), go("b", 0, get)] }, 6],
    [
      "a build cache",
      { main: [go("a", 1001, "go, build", "/.cache/go-build"), go("b", 1002, "go, build", "/.cache")] },
      6,
    ],
    ["a claim", { main: [go("a", 1, get), go("b", 2, get)], volume: "persistentVolumeClaim: {claimName: c}" }, 6],
  ])("%s", (_, parts, line) => {
    expect(linesIn(rule, pod(parts))).toEqual([line]);
  });

  it.each([
    ["one user", [go("a", 1001, get), go("b", 1001, get)]],
    ["the image decides", [go("a", "$UID", get), go("b", 1001, get)]],
    ["other directories", [go("a", 1000, get, "/data"), go("b", 1001, get, "/data")]],
    [
      "one only reads",
      [go("a", 1001, get), go("b", 1002, get).replace("/go/pkg/mod}", "/go/pkg/mod, readOnly: true}")],
    ],
    ["vendored", [go("a", 1001, "go, build, -mod=vendor"), go("b", 1002, "go, test, -mod=vendor")]],
    [
      "two subdirectories of one volume",
      [go("a", 1, get), go("b", 2, get)].map((one, at) =>
        one.replace("/go/pkg/mod}", `/go/pkg/mod, subPath: "${at}"}`),
      ),
    ],
    ["no cache at all", [container("a", "nginx", "securityContext: {runAsUser: 1}")]],
  ])("is silent: %s", (_, main) => {
    expect(linesIn(rule, pod({ main }))).toEqual([]);
  });

  it("leaves a complete cache, a root init container and root that comes later alone", () => {
    const download = go("a", 1000, "go, mod, download");
    expect(linesIn(rule, pod({ init: [download], main: [go("b", 1001, "go, build")] }))).toEqual([]);
    expect(linesIn(rule, pod({ init: [go("a", 0, get)], main: [go("b", 1001, get)] }))).toEqual([]);
    expect(linesIn(rule, pod({ init: [go("a", 1000, get)], main: [go("b", 0, get)] }))).toEqual([]);
  });

  it("names both, and is sure only where one comes after the other", () => {
    const text = pod({ init: [go("a", 1000, get)], main: [go("b", 1001, get)] });
    const [finding] = found(rule, "pod.yaml", text);
    expect(finding?.message).toBe(
      'init container "a" fills the cache as uid 1000, and in container "b" go get must add modules to it as uid 1001: permission denied',
    );
    expect([finding?.confidence, finding?.subject]).toEqual(["certain", "uid 1001"]);
    expect(found(rule, "pod.yaml", pod({ main: [go("a", 1, get), go("b", 2, get)] }))[0]?.confidence).toBe("likely");
  });

  it("takes one user for both, if asked to", () => {
    const text = pod({ init: [go("a", 1000, get)], main: [go("b", 1001, get)] });
    expect(fixed(rule, "pod.yaml", text)).toBe(text);
    expect(fixed(rule, "pod.yaml", text, true)).toBe(text.replace("runAsUser: 1000", "runAsUser: 1001"));
  });
});
