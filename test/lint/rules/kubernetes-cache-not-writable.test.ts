import { describe, expect, it } from "vitest";
import { fixed, found } from "../found.ts";
import { container, linesIn, pod } from "../kubernetes-text.ts";

const rule = "kubernetes-cache-not-writable";
const go = (command: string, rest = "", { image = "golang:1.25", uid = 1001 as number | string } = {}): string =>
  container("build", image, `securityContext: {runAsUser: ${uid}}, command: [${command}]${rest}`);
const env = (name: string, value: string): string => `, env: [{name: ${name}, value: ${value}}]`;
const told = (one: string, more: object = {}): string[] =>
  found(rule, "pod.yaml", pod({ main: [one], ...more })).map(({ message }) => message);

describe(rule, () => {
  it("says where the build cache is, and why it is there", () => {
    const [finding] = found(rule, "pod.yaml", pod({ main: [go("go, build, ./...")] }));
    expect(finding?.message).toBe(
      'container "build": GOCACHE is /.cache/go-build, since uid 1001 is not in the image\'s /etc/passwd and its HOME is therefore /: go build cannot write there',
    );
    expect(finding).toMatchObject({ subject: "uid 1001", confidence: "likely", location: { line: 6 } });
  });

  it.each([
    ["the pod's user", go("go, test, ./..."), "GOCACHE is /.cache/go-build"],
    ["a script", go("sh, -c, 'cd /src && go vet ./...'"), "GOCACHE is /.cache/go-build"],
    ["a home that is not there", go("go, build", env("HOME", "/home/app")), "GOCACHE is /home/app/.cache/go-build"],
    ["root's home", go("go, build", env("HOME", "/root")), "GOCACHE is /root/.cache/go-build"],
    ["XDG", go("go, build", env("XDG_CACHE_HOME", "/xdg")), "GOCACHE is /xdg/go-build"],
    ["modules elsewhere", go("go, mod, download", env("GOMODCACHE", "/cache/mod")), "GOMODCACHE is /cache/mod"],
    [
      "another GOPATH",
      go("go, mod, download, example.com/x@v1", env("GOPATH", "/work")),
      "GOMODCACHE is /work/pkg/mod",
    ],
    ["a module's index", go("go, get, example.com/x"), "GOCACHE is /.cache/go-build"],
    ["packages", go("go, list, -deps, ./..."), "GOCACHE is /.cache/go-build"],
    ["a mirror", go("go, build", "", { image: "mirror.gcr.io/library/golang:1.25-alpine" }), "GOCACHE is"],
  ])("%s", (_, one, words) => {
    expect(told(one)).toEqual([expect.stringContaining(words)]);
  });

  it.each([
    ["root", go("go, build", "", { uid: 0 })],
    ["the image decides", go("go, build", "", { uid: "$UID" })],
    ["an account of Debian", go("go, build", "", { uid: 33 })],
    ["nobody", go("go, build", "", { uid: 65534 })],
    ["another image", go("go, build", "", { image: "registry.example.org/golang:1.25" })],
    ["set", go("go, build", env("GOCACHE", "/tmp/go-build"))],
    ["below /go", go("go, build", env("GOCACHE", "/go/cache"))],
    ["XDG in /tmp", go("go, build", env("XDG_CACHE_HOME", "/tmp"))],
    ["HOME in /tmp", go("sh, -c, 'export HOME=/tmp; go build'")],
    ["mounted", go("go, build", ", volumeMounts: [{name: cache, mountPath: /.cache}]")],
    ["the cluster knows it", go("go, build", ", env: [{name: HOME, valueFrom: {}}]")],
    ["a Secret may set it", go("go, build", ", envFrom: [{secretRef: {name: s}}]")],
    ["the modules of the image's GOPATH", go("go, mod, download")],
    ["go that compiles nothing", go("go, env")],
    ["only the names of modules", go("go, list, -m, all")],
    ["vendored", go("go, mod, download, -mod=vendor, x", env("GOMODCACHE", "/c"))],
    ["another rule's", go("go, build").replace("{runAsUser", "{readOnlyRootFilesystem: true, runAsUser")],
    ["somebody else's", go("su-exec, app, go, build")],
  ])("is silent: %s", (_, one) => expect(linesIn(rule, pod({ main: [one] }))).toEqual([]));

  it("sets GOCACHE, in braces and line by line", () => {
    const text = pod({ main: [go("go, build")] });
    expect(fixed(rule, "pod.yaml", text)).toBe(
      text.replace("image:", "env: [{name: GOCACHE, value: /tmp/go-build}], image:"),
    );
    const block = `apiVersion: v1
kind: Pod
spec:
  securityContext: {runAsUser: 1001}
  containers:
    - name: a
      image: golang:1.25
      env:
        - name: CGO_ENABLED
          value: "0"
      command: [go, build]
`;
    for (const given of [block, block.replaceAll("\n", "\r\n")]) {
      const end = given.includes("\r\n") ? "\r\n" : "\n";
      expect(fixed(rule, "pod.yaml", given)).toBe(
        given.replace('value: "0"', `value: "0"${end}        - {name: GOCACHE, value: /tmp/go-build}`),
      );
    }
    const claim = pod({
      main: [go("go, build", ", volumeMounts: [{name: cache, mountPath: /tmp}]")],
      volume: "persistentVolumeClaim: {claimName: c}",
    });
    expect(linesIn(rule, claim)).toEqual([6]);
    expect(fixed(rule, "pod.yaml", claim)).toBe(claim);
  });

  it("mounts an emptyDir where the manifest says that the cache is", () => {
    const text = pod({ main: [go("go, mod, download", env("GOMODCACHE", "/cache/mod"))] });
    expect(fixed(rule, "pod.yaml", text)).toBe(
      text
        .replace("image:", "volumeMounts: [{name: go-cache, mountPath: /cache/mod}], image:")
        .replace("emptyDir: {}}", "emptyDir: {}}\n    - {name: go-cache, emptyDir: {}}"),
    );
    const scripted = pod({ main: [go("sh, -c, 'export GOCACHE=/c; go build'")] });
    expect(linesIn(rule, scripted)).toEqual([6]);
    expect(fixed(rule, "pod.yaml", scripted)).toBe(scripted);
    // What both need is not for an edit to say.
    const two = pod({
      init: [go("go, mod, download", env("GOMODCACHE", "/m")).replace("build,", "first,")],
      main: [go("go, build", env("GOCACHE", "/tmp/c"))],
    });
    expect(fixed(rule, "pod.yaml", two)).toBe(two);
  });
});
