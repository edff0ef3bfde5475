// A machine that looks like WSL to a program: a root of its own with /mnt/c and /etc, in namespaces of its own, in which recordings
// lie over the files of /proc that tell of WSL. The file systems are this machine's: what Windows would refuse is not refused here.
import { spawnSync } from "node:child_process";
import { copyFileSync, cpSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { TestUser } from "./lab.ts";

const fixture = (generation: string, file: string): string =>
  fileURLToPath(new URL(`../fixtures/wsl/${generation}/${file}`, import.meta.url));

/** The process that is started becomes process 1, and keeps its ID through every exec: its files in /proc stay covered. */
const script = `set -e
new=$1; recording=$2; cwd=$3; uid=$4; gid=$5; shift 5
for name in /*; do
  case $name in /proc|/mnt|/etc|/.dockerenv) continue;; esac
  if [ -L "$name" ]; then [ -e "$new$name" ] || cp -a "$name" "$new$name"
  elif [ -d "$name" ]; then mkdir -p "$new$name"; mount --rbind "$name" "$new$name"
  fi
done
mkdir -p "$new/proc"
mount -t proc proc "$new/proc"
mount --bind "$recording/osrelease" "$new/proc/sys/kernel/osrelease"
mount --bind "$recording/cgroup" "$new/proc/1/cgroup"
mount --bind "$recording/mountinfo" "$new/proc/1/mountinfo"
mount --bind "$recording/mounts" "$new/proc/1/mounts"
exec /usr/sbin/chroot "$new" setpriv --reuid="$uid" --regid="$gid" --clear-groups sh -c 'cd "$0" && exec "$@"' "$cwd" "$@"
`;

/** The parts of a machine that outlive a run: its /etc and its drive. */
export class WslMachine {
  readonly root: string;

  constructor(
    private readonly lab: string,
    private generation: string,
  ) {
    this.root = join(lab, "root");
    mkdirSync(join(this.root, "mnt/c"), { recursive: true });
    cpSync("/etc", join(this.root, "etc"), { recursive: true, verbatimSymlinks: true });
    this.restartAs(generation);
  }

  /** Has the next run find the mounts and the kernel of another recording. */
  restartAs(generation: string): void {
    this.generation = generation;
    const recording = join(this.lab, "recording");
    mkdirSync(recording, { recursive: true });
    for (const file of ["osrelease", "mountinfo", "mounts"]) {
      const from = fixture(generation, file);
      if (existsSync(from)) copyFileSync(from, join(recording, file));
      else writeFileSync(join(recording, file), "");
    }
    writeFileSync(join(recording, "cgroup"), "0::/init.scope\n");
  }

  /** A path of the machine, as this one sees it. */
  at(path: string): string {
    return join(this.root, path);
  }

  conf(): string {
    return fixture(this.generation, "wsl.conf");
  }

  run(
    user: Pick<TestUser, "uid" | "gid">,
    argv: readonly string[],
    options: { cwd: string; env: Readonly<Record<string, string>> },
  ): { status: number | null; stdout: string; stderr: string } {
    const [recording, { cwd, env }] = [join(this.lab, "recording"), options];
    const words = [this.root, recording, cwd, `${user.uid}`, `${user.gid}`, ...argv];
    const namespaces = ["--mount", "--pid", "--fork", "--propagation", "private"];
    const ran = spawnSync("unshare", [...namespaces, "sh", "-c", script, "sh", ...words], {
      env: { ...env },
      encoding: "utf8",
      timeout: 110_000,
    });
    return { status: ran.status, stdout: ran.stdout, stderr: ran.stderr };
  }
}
