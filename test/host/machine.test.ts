import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { parseLsattr } from "../../src/host/attributes.ts";
import { detectCi, detectContainer } from "../../src/host/container.ts";
import { pickEnvironment, readSudo, variablesOf } from "../../src/host/environment.ts";
import { readRunningGo } from "../../src/host/process.ts";
import { readSpace } from "../../src/host/space.ts";
import { readKernelSettings, readSecurityModule } from "../../src/host/sysctl.ts";
import { openDirectory } from "./as-user.ts";

const reads = (files: Record<string, string>) => (path: string) => files[path];

test.each([
  [{}, {}, undefined],
  [{ "/.dockerenv": "" }, {}, "docker"],
  [{ "/run/.containerenv": "" }, {}, "podman"],
  [{ "/.dockerenv": "" }, { KUBERNETES_SERVICE_HOST: "10.0.0.1" }, "kubernetes"],
  [{ "/proc/1/cgroup": "0::/kubepods.slice/kubepods-burstable.slice/x" }, {}, "kubernetes"],
  [{ "/proc/1/cgroup": "12:pids:/docker/0123" }, {}, "docker"],
  [{ "/proc/1/cgroup": "0::/machine.slice/libpod-0123.scope" }, {}, "podman"],
  [{ "/proc/1/cgroup": "4:cpu:/lxc/web" }, {}, "lxc"],
  [{ "/proc/1/environ": "PATH=/bin\0container=systemd-nspawn\0" }, {}, "systemd-nspawn"],
  [{ "/proc/1/environ": "mycontainer=x\0", "/proc/1/cgroup": "0::/init.scope" }, {}, undefined],
  [{ "/proc/sys/kernel/osrelease": "5.15.153.1-microsoft-standard-WSL2\n" }, {}, "wsl"],
  [{ "/proc/sys/kernel/osrelease": "6.1.0-18-amd64\n" }, {}, undefined],
])("files %j and variables %j mean container %s", (files, environment, kind) => {
  expect(detectContainer(reads(files as Record<string, string>), environment)).toBe(kind);
});

test.each([
  [{}, undefined],
  [{ CI: "true" }, "CI"],
  [{ CI: "false" }, undefined],
  [{ CI: "true", GITHUB_ACTIONS: "true" }, "GitHub Actions"],
  [{ GITEA_ACTIONS: "true", GITHUB_ACTIONS: "true" }, "Gitea Actions"],
  [{ CI: "1", GITLAB_CI: "true" }, "GitLab CI"],
])("variables %j mean CI service %s", (environment, service) => {
  expect(detectCi(environment)).toBe(service);
});

test("a kernel without a setting does not restrict anything by it", () => {
  const files = { "/proc/sys/fs/protected_regular": "2\n", "/proc/sys/fs/protected_symlinks": "1\n" };
  expect(readKernelSettings(reads(files))).toEqual({ protectedRegular: 2, protectedFifos: 0, protectedSymlinks: 1 });
});

const label = "/proc/self/attr/current";
test.each([
  [{}, undefined],
  [{ [label]: "unconfined\n" }, undefined],
  [{ [label]: "docker-default (enforce)\n" }, undefined],
  [{ [label]: "cri-containerd.apparmor.d (enforce)" }, undefined],
  [{ [label]: "snap.go (complain)\n" }, undefined],
  [{ [label]: "snap.node.npm (enforce)\n" }, "AppArmor confines this program by the profile snap.node.npm"],
  [{ [label]: "unconfined_u:unconfined_r:unconfined_t:s0-s0:c0.c1023\0" }, undefined],
  [{ [label]: "system_u:system_r:container_t:s0:c1,c2\0" }, "SELinux confines this program to the type container_t"],
  [{ [label]: "system_u:system_r:container_t:s0\0", "/sys/fs/selinux/enforce": "0" }, undefined],
  [{ [label]: "system_u:system_r:init_t:s0\0", "/sys/fs/selinux/enforce": "1" }, undefined],
])("the label in %j is judged", (files, reason) => {
  const told = readSecurityModule(reads(files as Record<string, string>));
  if (reason === undefined) expect(told).toBeUndefined();
  else expect(told).toContain(reason);
});

test("attributes are read from lsattr's lines, whatever stands in a name", () => {
  const text = "----i---------e------- /a b\n-----a--------e------- /x i\n--------------e------- /y\nlsattr: wrong\n";
  expect(parseLsattr(text)).toEqual(
    new Map([
      ["/a b", { immutable: true, appendOnly: false }],
      ["/x i", { immutable: false, appendOnly: true }],
      ["/y", { immutable: false, appendOnly: false }],
    ]),
  );
  fc.assert(
    fc.property(fc.string(), (any) => {
      for (const path of parseLsattr(any).keys()) expect(path.startsWith("/")).toBe(true);
    }),
  );
});

test("space is told for a directory, and not for what is missing", () => {
  const space = readSpace("/");
  expect(space?.totalBytes).toBeGreaterThan(0);
  expect(space?.freeBytes).toBeLessThanOrEqual(space?.totalBytes ?? 0);
  expect(readSpace("/no/such/directory")).toBeUndefined();
});

test("running go commands are found, with their user and command line", async () => {
  const directory = openDirectory("process");
  let child: ChildProcess | undefined;
  try {
    copyFileSync("/bin/sleep", join(directory, "go"));
    child = spawn(join(directory, "go"), ["60"], { argv0: "go\u001b[31m" });
    await once(child, "spawn");
    const running = readRunningGo(true);
    const found = "value" in running ? running.value.find(({ pid }) => pid === child?.pid) : undefined;
    expect(found).toEqual({ pid: child.pid, uid: process.getuid?.(), command: "go\\x1b[31m 60" });
  } finally {
    child?.kill("SIGKILL");
    rmSync(directory, { recursive: true });
  }
});

test("processes that end meanwhile, long command lines, and a /proc that hides or is missing", () => {
  const directory = openDirectory("proc");
  try {
    mkdirSync(join(directory, "10"));
    writeFileSync(join(directory, "10/comm"), "go\n");
    writeFileSync(join(directory, "10/cmdline"), `go\0${"x".repeat(5000)}`);
    mkdirSync(join(directory, "11"));
    mkdirSync(join(directory, "12"));
    symlinkSync("/no/such/file", join(directory, "12/comm"));
    mkdirSync(join(directory, "13"));
    writeFileSync(join(directory, "13/comm"), "gopls\n");
    const running = readRunningGo(true, undefined, directory);
    expect("value" in running && running.value.map(({ pid, command }) => [pid, command.length])).toEqual([[10, 300]]);
    const proc = { mountPoint: "/proc", type: "proc", source: "proc", readOnly: false, noexec: false, idmapped: false };
    for (const [option, hidden] of [
      ["hidepid=2", true],
      ["hidepid=invisible", true],
      ["hidepid=0", false],
    ] as const) {
      expect("unseen" in readRunningGo(false, { ...proc, options: [option] }, directory)).toBe(hidden);
      expect("unseen" in readRunningGo(true, { ...proc, options: [option] }, directory)).toBe(false);
    }
    expect(readRunningGo(true, undefined, join(directory, "none"))).toHaveProperty("unseen");
  } finally {
    rmSync(directory, { recursive: true });
  }
});

const somebody = {
  subject: { uid: 2001, gid: 2001, groups: [], capabilities: new Set<never>(), umask: 0o022 },
  home: "/home/app",
  self: false,
};

test("another user does not get this user's variables", () => {
  const ours = { HOME: "/root", PATH: "/bin", GOMODCACHE: "/root/mod", XDG_CACHE_HOME: "/x" };
  expect(variablesOf(somebody, ours, undefined, () => undefined)).toEqual({ HOME: "/home/app", PATH: "/bin" });
  expect(variablesOf({ ...somebody, self: true }, ours, undefined, () => undefined)).toBe(ours);
});

test("what a container's image sets holds for all its users", () => {
  const ours = { HOME: "/root", PATH: "/bin", GOPATH: "/go", GOFLAGS: "-v", TMPDIR: "/x" };
  const first = reads({ "/proc/1/environ": "GOPATH=/go\0GOFLAGS=\0TMPDIR=/x\0HOME=/root\0" });
  expect(variablesOf(somebody, ours, "docker", first)).toEqual({ HOME: "/home/app", PATH: "/bin", GOPATH: "/go" });
  expect(variablesOf(somebody, ours, undefined, first)).not.toHaveProperty("GOPATH");
});

test("only what Go and the rules look at is kept of the environment", () => {
  const kept = { HOME: "/root", GOFLAGS: "", GO111MODULE: "on", SUDO_UID: "1000", GITLAB_CI: "true" };
  expect(pickEnvironment({ ...kept, GOOGLE_token: "secret", PASSWORD: "secret", UNSET: undefined })).toEqual(kept);
});

test.each([
  [{ SUDO_UID: "1000", SUDO_GID: "1001", SUDO_USER: "app" }, 0, { uid: 1000, gid: 1001, user: "app" }],
  [{ SUDO_UID: "1000", SUDO_GID: "1001", SUDO_USER: "app" }, 1000, undefined],
  [{ SUDO_UID: "x", SUDO_GID: "1001" }, 0, undefined],
  [{}, 0, undefined],
])("sudo's variables %j, as user %i", (environment, uid, expected) => {
  expect(readSudo(environment, uid)).toEqual(expected);
});
