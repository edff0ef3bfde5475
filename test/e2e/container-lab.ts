// Real containers without a registry: an image of busybox, node and this program, built by buildah and run by podman.
import { type SpawnSyncReturns, spawnSync } from "node:child_process";
import { chmodSync, chownSync, copyFileSync, cpSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe } from "vitest";
import { goProgram } from "./lab.ts";

const busybox = "/bin/busybox";
const applets = [
  "sh",
  "cat",
  "chmod",
  "chown",
  "echo",
  "env",
  "find",
  "id",
  "ls",
  "mkdir",
  "rm",
  "sleep",
  "stat",
  "touch",
];
const programs = ["buildah", "podman", "runc", busybox];
const repository = fileURLToPath(new URL("../..", import.meta.url));

/** Where go's own tree is, mounted into containers instead of copied. */
const goroot = spawnSync(goProgram, ["env", "GOROOT"], { cwd: "/", encoding: "utf8" }).stdout?.trim() ?? "";

function missing(): string | undefined {
  if (process.platform !== "linux") return "containers are Linux's";
  if (process.geteuid?.() !== 0) return "they need root";
  const absent = programs.find((name) => spawnSync(name, ["--help"], { stdio: "ignore" }).error !== undefined);
  return absent === undefined ? undefined : `${absent} is not installed`;
}

const reason = missing();

/** describe(), or a skip that says why. */
export function describeInContainers(title: string, tests: () => void): void {
  describe.skipIf(reason !== undefined)(reason === undefined ? title : `${title} (skipped: ${reason})`, tests);
}

/** Images and containers in storage of their own, so that nothing else on the machine is touched. */
export class ContainerLab {
  private readonly storage: readonly string[];
  private readonly environment: Readonly<Record<string, string>>;

  /** @param directory is deleted by `remove` */
  constructor(readonly directory: string) {
    this.storage = ["--root", join(directory, "storage"), "--runroot", join(directory, "run")];
    const configuration = join(directory, "containers.conf");
    // Where RLIMIT_NOFILE cannot be raised, podman's own defaults fail.
    writeFileSync(
      configuration,
      '[containers]\ndefault_ulimits = ["nofile=1024:1024", "nproc=1024:1024"]\n[engine]\ncgroup_manager = "cgroupfs"\nevents_logger = "file"\n',
    );
    this.environment = {
      PATH: "/usr/sbin:/usr/bin:/sbin:/bin",
      HOME: directory,
      CONTAINERS_CONF: configuration,
      TMPDIR: directory,
    };
  }

  /** The image `base`: users root and app (1001), busybox, node, and gomodcache and gomodcache-init on PATH. */
  makeBase(): void {
    const root = join(this.directory, "base");
    for (const name of ["bin", "etc", "usr/bin", "root", "home/app", "tmp", "opt/gomodcache"])
      mkdirSync(join(root, name), { recursive: true });
    copyFileSync(busybox, join(root, "bin/busybox"));
    for (const name of applets) symlinkSync("busybox", join(root, "bin", name));
    for (const path of [process.execPath, ...librariesOf(process.execPath)]) {
      const target = path === process.execPath ? "/usr/bin/node" : path;
      mkdirSync(join(root, dirname(target)), { recursive: true });
      copyFileSync(path, join(root, target));
    }
    writeFileSync(join(root, "etc/passwd"), "root:x:0:0::/root:/bin/sh\napp:x:1001:1001::/home/app:/bin/sh\n");
    writeFileSync(join(root, "etc/group"), "root:x:0:\napp:x:1001:\n");
    chownSync(join(root, "home/app"), 1001, 1001);
    chmodSync(join(root, "tmp"), 0o1777);
    cpSync(join(repository, "dist"), join(root, "opt/gomodcache/dist"), { recursive: true });
    for (const [name, file] of [
      ["gomodcache", "cli"],
      ["gomodcache-init", "init-cli"],
    ]) {
      const script = join(root, "usr/bin", name as string);
      writeFileSync(script, `#!/bin/sh\nexec /usr/bin/node /opt/gomodcache/dist/${file}.js "$@"\n`);
      chmodSync(script, 0o755);
    }
    const archive = join(this.directory, "base.tar");
    must(spawnSync("tar", ["-C", root, "-cf", archive, "."], { encoding: "utf8" }));
    must(this.podman(["import", "--change", "ENV PATH=/usr/local/go/bin:/usr/bin:/bin", archive, "localhost/base"]));
    rmSync(root, { recursive: true });
    rmSync(archive);
  }

  /**
   * Builds a Dockerfile over `localhost/base`; go's tree and the given directories are mounted read-only while it is built.
   * @param mounts directory on this machine -> path in the container
   */
  build(name: string, dockerfile: string, mounts: Readonly<Record<string, string>> = {}): SpawnSyncReturns<string> {
    const file = join(this.directory, `Dockerfile.${name}`);
    writeFileSync(file, dockerfile);
    const context = join(this.directory, "context");
    mkdirSync(context, { recursive: true });
    const volumes = volumesOf({ [goroot]: "/usr/local/go", ...mounts }, "ro");
    const options = [
      "--runtime",
      "runc",
      "--isolation",
      "oci",
      "--pull-never",
      ...volumes,
      "-t",
      name,
      "-f",
      file,
      context,
    ];
    return spawnSync("buildah", [...this.storage, "bud", ...options], {
      encoding: "utf8",
      env: this.environment,
      timeout: 110_000,
    });
  }

  /** @param argv options, the image, and the command */
  run(argv: readonly string[], mounts: Readonly<Record<string, string>> = {}): SpawnSyncReturns<string> {
    const volumes = [...volumesOf({ [goroot]: "/usr/local/go" }, "ro"), ...volumesOf(mounts, "rw")];
    return this.podman(["run", "--rm", "--network", "none", "--pull", "never", ...volumes, ...argv]);
  }

  podman(argv: readonly string[]): SpawnSyncReturns<string> {
    return spawnSync("podman", [...this.storage, "--runtime", "runc", ...argv], {
      encoding: "utf8",
      env: this.environment,
      timeout: 110_000,
    });
  }

  remove(): void {
    this.podman(["rm", "--all", "--force", "--time", "0"]);
    this.podman(["system", "reset", "--force"]);
    // The storage driver mounts its own directory.
    spawnSync("umount", ["-R", "-l", join(this.directory, "storage/overlay")], { stdio: "ignore" });
    rmSync(this.directory, { recursive: true, force: true });
  }
}

/** Throws what a program said if it failed. */
export function must(result: SpawnSyncReturns<string>): SpawnSyncReturns<string> {
  if (result.status !== 0) throw new Error(`status ${result.status}: ${result.stdout}${result.stderr}`);
  return result;
}

function volumesOf(mounts: Readonly<Record<string, string>>, mode: string): string[] {
  return Object.entries(mounts).flatMap(([from, to]) => ["-v", `${from}:${to}:${mode}`]);
}

/** The shared libraries of a program, and its loader (ldd(1)). */
function librariesOf(program: string): string[] {
  const { stdout } = spawnSync("ldd", [program], { encoding: "utf8" });
  return [...stdout.matchAll(/(\/\S+) \(0x/g)].map((match) => match[1] as string);
}
