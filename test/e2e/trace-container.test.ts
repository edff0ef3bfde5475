// `trace` on the host, watching a real container.
import { spawnSync } from "node:child_process";
import { chmodSync, copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { ContainerLab, describeInContainers, must } from "./container-lab.ts";
import { makeLab, removeLab, root } from "./lab.ts";
import { gomodcache } from "./program.ts";

describeInContainers("trace and containers", () => {
  const lab = makeLab("trace-container");
  const containers = new ContainerLab(makeLab("trace-containers"));
  const cache = join(lab, "cache");

  beforeAll(() => {
    mkdirSync(join(cache, "cache"), { recursive: true });
    writeFileSync(join(cache, "cache/lock"), "");
    chmodSync(cache, 0o700);
    containers.makeBase();
  });
  afterAll(() => {
    containers.remove();
    removeLab(lab);
  });

  it("sees from the host what a container is refused, with the user that it has there", () => {
    const loop = "while :; do cat /go/pkg/mod/cache/lock 2>/dev/null; sleep 0.1; done";
    must(
      containers.podman([
        ...["run", "-d", "--name", "builder", "--network", "none", "--pull", "never", "--user", "1001:1001"],
        ...["-v", `${cache}:/go/pkg/mod`, "localhost/base", "sh", "-c", loop],
      ]),
    );
    const pid = must(containers.podman(["inspect", "--format", "{{.State.Pid}}", "builder"])).stdout.trim();
    expect(Number(pid)).toBeGreaterThan(1);
    const file = join(lab, "trace.json");
    const watched = gomodcache(
      root,
      ["trace", "--pid", pid, "--for", "2", "--cache-dir", "/go/pkg/mod", "--json", "-o", file, "--mount-tracefs"],
      { cwd: lab, env: { PATH: "/usr/sbin:/usr/bin:/sbin:/bin", HOME: lab } },
    );
    spawnSync("kill", ["-KILL", pid]);
    expect(watched.status, watched.stderr).toBe(1);
    const { backend, findings } = JSON.parse(readFileSync(file, "utf8"));
    expect(backend).toBe("bpftrace");
    // The chain is that of the directory on this machine, where it can be mended.
    const lock = join(cache, "cache/lock");
    expect(findings[0]).toMatchObject({
      why: { path: lock, subject: { uid: 1001 }, verdict: "no", kernel: { agrees: true } },
      denials: [{ errno: "EACCES", path: lock, inside: "/go/pkg/mod/cache/lock", area: "module cache" }],
    });
    expect(findings[0].why.chain.at(-1)).toMatchObject({ path: cache, mode: "drwx------", verdict: "no" });
  });

  it("knows the root directory that chroot gave, for absolute names and for those below the working directory", () => {
    const jail = join(lab, "jail");
    mkdirSync(join(jail, "bin"), { recursive: true });
    mkdirSync(join(jail, "closed"), { mode: 0o700 });
    copyFileSync("/bin/busybox", join(jail, "bin/busybox"));
    // The shell reads them itself, and is there until it was looked at.
    const script = "cd /bin; true < /closed/a; true < ../closed/b; /bin/busybox sleep 1";
    const inside = ["chroot", "--userspec=1001:1001", jail, "/bin/busybox", "sh", "-c", script];
    const file = join(lab, "chroot.json");
    gomodcache(root, ["trace", "--all-paths", "--json", "-o", file, "--", ...inside], {
      cwd: lab,
      env: { PATH: "/usr/sbin:/usr/bin:/sbin:/bin", HOME: lab },
    });
    const { findings } = JSON.parse(readFileSync(file, "utf8"));
    const ofJail = findings
      .flatMap(({ denials }: { denials: { path: string; inside?: string }[] }) => denials)
      .filter(({ path }: { path: string }) => path.includes("closed"))
      .map(({ path, inside }: { path: string; inside?: string }) => [path, inside]);
    expect(ofJail).toEqual([
      [join(jail, "closed/a"), "/closed/a"],
      // Its start was told by /proc, from the root of this machine.
      [join(jail, "closed/b"), undefined],
    ]);
  });
});
