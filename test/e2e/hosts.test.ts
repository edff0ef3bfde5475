// Kinds of hosts that can be made here: OpenShift's UIDs, dev containers and go in others' places in real containers, the map of a real
// rootless podman, and the variables of CI services.
import { spawnSync } from "node:child_process";
import { chmodSync, chownSync, cpSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { ContainerLab, describeInContainers, must } from "./container-lab.ts";
import { give, goProgram, makeLab, makeProxy, removeLab, root } from "./lab.ts";
import { command, gomodcache, type Ran } from "./program.ts";
import { describeOnMachine } from "./requirements.ts";

interface Document {
  readonly verdict: string;
  readonly hosts?: readonly { kind: string; evidence: string }[];
  readonly findings: readonly { rule: string; fixes: readonly { command: string }[] }[];
}

const documentOf = (ran: Pick<Ran, "stdout" | "stderr">): Document => {
  try {
    return JSON.parse(ran.stdout) as Document;
  } catch {
    throw new Error(`no JSON: ${ran.stdout}${ran.stderr}`);
  }
};
const kinds = ({ hosts }: Document): string[] => (hosts ?? []).map(({ kind }) => kind);
const findingOf = ({ findings }: Document, rule: string) => findings.find((finding) => finding.rule === rule);

const modules = ["alpha", "beta", "gamma"].map((name) => ({
  path: `example.com/${name}`,
  version: "v1.0.0",
  files: { "go.mod": `module example.com/${name}\n`, "a.go": `package ${name}\n` },
}));
const goSettings = { GOPROXY: "file:///proxy", GOSUMDB: "off", GOTOOLCHAIN: "local", GOFLAGS: "-mod=mod" };
const flags = Object.entries(goSettings).flatMap(([name, value]) => ["-e", `${name}=${value}`]);

describeInContainers("hosts, in containers", () => {
  let lab: ContainerLab;
  let proxy: string;
  beforeAll(() => {
    lab = new ContainerLab(makeLab("hosts"));
    proxy = join(lab.directory, "proxy");
    makeProxy(proxy, modules);
    lab.makeBase();
  }, 120_000);
  afterAll(() => lab.remove());

  /** A volume with a module in it, that root fetched with a umask of 022. */
  const volumeOf = (name: string): string => {
    const volume = join(lab.directory, name);
    mkdirSync(volume);
    chmodSync(volume, 0o755);
    must(inside(["--user", "0:0"], volume, "go mod download example.com/alpha@v1.0.0"));
    return volume;
  };
  const inside = (options: readonly string[], volume: string, script: string) =>
    lab.run(
      [...flags, "-e", "GOPATH=/go", "-e", "GOCACHE=/tmp/build", ...options, "localhost/base", "sh", "-c", script],
      { [volume]: "/go", [proxy]: "/proxy" },
    );

  it("OpenShift: a cache that root filled is closed to arbitrary UIDs, and the command of the finding opens it to all of them", () => {
    const volume = volumeOf("openshift");
    const pod = (uid: number, script: string) =>
      inside(["--user", `${uid}:0`, "-e", "KUBERNETES_SERVICE_HOST=10.0.0.1", "-e", "HOME=/"], volume, script);
    const fetch = pod(1000660000, "go mod download example.com/beta@v1.0.0");
    expect(fetch.status).toBe(1);
    expect(fetch.stderr).toContain("permission denied");
    const document = documentOf(pod(1000660000, "gomodcache doctor --json"));
    expect(document.hosts).toEqual([{ kind: "openshift", evidence: "uid 1000660000 in group 0, in Kubernetes" }]);
    expect(findingOf(document, "cache-not-writable")).toBeUndefined();
    const command = findingOf(document, "group-zero-cannot-write")?.fixes[0]?.command ?? "false";
    // As the image's RUN would: by root, when the image is built.
    must(inside(["--user", "0:0"], volume, command));
    must(pod(1000660000, "umask 002; go mod download example.com/beta@v1.0.0"));
    must(pod(1000730000, "go mod download example.com/gamma@v1.0.0"));
    const after = documentOf(pod(1000660000, "gomodcache doctor --json"));
    expect(kinds(after)).toEqual(["openshift"]);
    expect(findingOf(after, "group-zero-cannot-write")).toBeUndefined();
    expect(pod(1000660000, "gomodcache doctor").stdout.replace(/\s+/g, " ")).toContain(
      "OpenShift with an arbitrary UID",
    );
  }, 120_000);

  it("a dev container: the cache of the UID that the user had in the image", () => {
    const volume = volumeOf("devcontainer");
    give(volume, 1001, 1001);
    // What updateRemoteUserUID does: another number in /etc/passwd, and the home directory changes hands.
    const etc = join(lab.directory, "passwd");
    writeFileSync(etc, "root:x:0:0::/root:/bin/sh\napp:x:1234:1234::/home/app:/bin/sh\n");
    const home = join(lab.directory, "home");
    mkdirSync(home);
    chownSync(home, 1234, 1234);
    const user = (script: string) =>
      lab.run(
        [
          ...flags,
          "-e",
          "GOPATH=/go",
          "-e",
          "HOME=/home/app",
          "-e",
          "REMOTE_CONTAINERS=true",
          "--user",
          "1234:1234",
          "localhost/base",
          "sh",
          "-c",
          script,
        ],
        { [volume]: "/go", [proxy]: "/proxy", [etc]: "/etc/passwd", [home]: "/home/app" },
      );
    expect(user("go mod download example.com/beta@v1.0.0").status).toBe(1);
    const document = documentOf(user("gomodcache doctor --json"));
    expect(kinds(document)).toEqual(["devcontainer"]);
    const finding = findingOf(document, "devcontainer-uid-changed");
    // Each of the two remedies makes go work again; the first is for that user alone.
    must(user(`${finding?.fixes[0]?.command} && go mod download example.com/beta@v1.0.0 && go env -u GOMODCACHE`));
    must(inside(["--user", "0:0"], volume, (finding?.fixes[1]?.command ?? "false").replace("sudo ", "")));
    must(user("go mod download example.com/beta@v1.0.0"));
    expect(findingOf(documentOf(user("gomodcache doctor --json")), "devcontainer-uid-changed")).toBeUndefined();
  }, 120_000);

  it.each([
    ["nix-go", "/nix/store/0c5b4bcw-go-1.26.0/share/go"],
    ["homebrew-go", "/home/linuxbrew/.linuxbrew/Cellar/go/1.26.0/libexec"],
    ["snap-go", "/snap/go/10900"],
  ])(
    "%s: a read-only GOROOT in %s is recognised, and go fetches with it",
    (kind, place) => {
      const volume = volumeOf(kind);
      const goroot = spawnSync(goProgram, ["env", "GOROOT"], { cwd: "/", encoding: "utf8" }).stdout.trim();
      const run = (script: string) =>
        lab.podman([
          ...["run", "--rm", "--network", "none", "--pull", "never", "-v", `${goroot}:${place}:ro`],
          ...["-v", `${volume}:/go`, "-v", `${proxy}:/proxy:ro`, ...flags, "-e", `PATH=${place}/bin:/usr/bin:/bin`],
          ...["-e", "GOPATH=/go", "-e", "HOME=/root", "localhost/base", "sh", "-c", script],
        ]);
      must(run("go mod download example.com/beta@v1.0.0 && go mod download example.com/alpha@v1.0.0"));
      const document = documentOf(run("gomodcache doctor --json"));
      expect(kinds(document)).toEqual([kind]);
      expect(document.findings.filter(({ rule }) => /goroot|go-not|go-command/.test(rule))).toEqual([]);
    },
    120_000,
  );
});

describeOnMachine("hosts, on this machine", () => {
  let lab: string;
  beforeAll(() => {
    lab = makeLab("hosts-here");
    makeProxy(join(lab, "proxy"), modules);
    mkdirSync(join(lab, "alice/mod"), { recursive: true });
    mkdirSync(join(lab, "alice/run"));
    give(join(lab, "alice"), 2001, 2001);
    // An /etc in which alice has an account and a range; it is seen in a mount namespace of its own only.
    cpSync("/etc", join(lab, "etc"), { recursive: true, verbatimSymlinks: true, preserveTimestamps: true });
    const append = (name: string, line: string): void =>
      writeFileSync(join(lab, "etc", name), `${line}\n`, { flag: "a" });
    append("passwd", `alice:x:2001:2001::${join(lab, "alice")}:/bin/sh`);
    append("group", "alice:x:2001:");
    for (const name of ["subuid", "subgid"]) writeFileSync(join(lab, "etc", name), "alice:300000:65536\n");
  });
  afterAll(() => removeLab(lab));

  /** Runs a script as root where that /etc is in force. */
  const withEtc = (script: string): Ran => {
    const { status, stdout, stderr } = spawnSync(
      "unshare",
      ["--mount", "sh", "-euc", `mount --bind "$LAB/etc" /etc\n${script}`],
      {
        cwd: "/",
        encoding: "utf8",
        timeout: 100_000,
        env: {
          PATH: `${process.execPath.replace(/\/[^/]*$/, "")}:${goProgram.replace(/\/[^/]*$/, "")}:/usr/sbin:/usr/bin:/sbin:/bin`,
          LAB: lab,
          HOME: join(lab, "alice"),
          XDG_RUNTIME_DIR: join(lab, "alice/run"),
          GOPROXY: `file://${join(lab, "proxy")}`,
          GOSUMDB: "off",
          GOTOOLCHAIN: "local",
          GOMODCACHE: join(lab, "alice/mod"),
          TOOL: command.join(" "),
          ALICE: "setpriv --reuid=2001 --regid=2001 --clear-groups",
        },
      },
    );
    return { status, stdout, stderr };
  };
  const hasPodman = ["podman", "newuidmap"].every((name) => spawnSync("sh", ["-c", `command -v ${name}`]).status === 0);

  it.skipIf(!hasPodman)(
    "rootless: what a container's user left is found outside, and taken back without root (needs podman and newuidmap)",
    () => {
      // podman's own user namespace of alice, and in it the UID 1000 of an image; the files are go's.
      const left = withEtc(`$ALICE podman unshare sh -euc '
      chmod 777 "$GOMODCACHE"
      setpriv --reuid=1000 --regid=1000 --clear-groups env HOME=/tmp GOCACHE=/tmp/none ${goProgram} mod download example.com/alpha@v1.0.0
      chmod 755 "$GOMODCACHE"' && stat -c %u "$GOMODCACHE/cache/download"`);
      expect(left.stderr).not.toContain("rror");
      expect(left).toMatchObject({ status: 0, stdout: "300999\n" });
      const inNamespace = documentOf(withEtc("$ALICE podman unshare $TOOL doctor --json || true"));
      expect(inNamespace.hosts).toEqual([
        {
          kind: "user-namespace",
          evidence: "uid 0 here is uid 2001 outside (/proc/self/uid_map: 0 2001 1, 1 300000 65536)",
        },
      ]);
      const outside = documentOf(withEtc("$ALICE $TOOL doctor --json || true"));
      const finding = findingOf(outside, "subordinate-owner");
      expect(findingOf(outside, "mixed-owners")).toBeUndefined();
      expect(withEtc("$ALICE sh -c 'go clean -modcache'").stderr).toContain("permission denied");
      const mended = withEtc(
        `$ALICE ${finding?.fixes[0]?.command} && find "$GOMODCACHE" ! -uid 2001 && $ALICE go clean -modcache`,
      );
      expect(mended).toMatchObject({ status: 0, stdout: "" });
    },
    120_000,
  );

  it.each([
    ["codespaces", { CODESPACES: "true" }],
    ["github-hosted-runner", { CI: "true", GITHUB_ACTIONS: "true", RUNNER_ENVIRONMENT: "github-hosted" }],
    ["github-self-hosted-runner", { CI: "true", GITHUB_ACTIONS: "true", RUNNER_ENVIRONMENT: "self-hosted" }],
    ["gitlab-runner", { CI: "true", GITLAB_CI: "true" }],
    ["jenkins-agent", { JENKINS_URL: "https://jenkins.test/" }],
  ])(
    "%s is recognised by its variables",
    (kind, variables) => {
      const env = {
        PATH: process.env["PATH"] ?? "",
        HOME: join(lab, "alice"),
        GOMODCACHE: join(lab, "alice/mod"),
        ...variables,
      };
      const document = documentOf(gomodcache(root, ["doctor", "--json"], { cwd: "/", env }));
      expect(kinds(document)).toEqual([kind]);
    },
    60_000,
  );
});
