// Where an experiment works: a temporary directory that nobody else can exchange, and that other users can pass through.
import { spawnSync } from "node:child_process";
import { chmodSync, lstatSync, mkdtempSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { posix } from "node:path";
import { openWorld } from "../host/facts.ts";
import { systemProgram } from "../host/system-program.ts";
import { replaceable } from "../host/trusted.ts";
import { UserDatabase } from "../host/users.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

/** podman takes no runroot of more than 50 characters, for the sockets below it. */
const longestForPodman = 20;

/** Why podman cannot work there. */
export function tooLongForPodman(env: Environment): string | undefined {
  return parentOf(env).length <= longestForPodman
    ? undefined
    : `the path of TMPDIR is too long for podman: set it to a short one, such as /tmp`;
}

function parentOf(env: Environment): string {
  const chosen = env["TMPDIR"];
  return chosen?.startsWith("/") === true ? posix.normalize(chosen) : "/tmp";
}

/** Why no experiment can work in the directory for temporary files; undefined if it can. */
export function closedPlace(env: Environment): string | undefined {
  const parent = parentOf(env);
  try {
    const real = realpathSync(parent);
    if (process.geteuid?.() !== 0) return undefined;
    const reason = replaceable(real, new Set([0]), openWorld(), new UserDatabase());
    if (reason !== undefined) return `${reason}: set TMPDIR to a directory that only root can exchange, such as /tmp`;
    for (let at = real; ; at = posix.dirname(at)) {
      if ((lstatSync(at).mode & 0o001) === 0)
        return `other users cannot pass through ${at}: set TMPDIR to a directory that they can reach, such as /tmp`;
      if (at === "/") return undefined;
    }
  } catch (error) {
    return `${parent} cannot be used (${(error as NodeJS.ErrnoException).code}): set TMPDIR to a directory that is there`;
  }
}

/** Makes the directory. Root's is 0711: others reach what they know the name of, and make nothing in it. */
export function makePlace(env: Environment): string {
  const directory = mkdtempSync(posix.join(realpathSync(parentOf(env)), "gomodcache-lab-"));
  if (process.geteuid?.() === 0) chmodSync(directory, 0o711);
  return directory;
}

/**
 * Takes the directory away, with what is mounted below it.
 * @returns why it is still there
 */
export function removePlace(directory: string): string | undefined {
  for (const mount of mountsBelow(directory)) {
    const umount = systemProgram("umount");
    if (umount !== undefined) spawnSync(umount, ["-l", "--", mount], { stdio: "ignore" });
  }
  // What is mounted is somebody else's: go's own tree, for instance.
  const [left] = mountsBelow(directory);
  if (left !== undefined) return `${left} is still mounted`;
  try {
    // Go's own trees are 0555, which only root may delete from.
    if (process.geteuid?.() !== 0) openDirectories(directory);
    rmSync(directory, { recursive: true, force: true, maxRetries: 3 });
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

function openDirectories(directory: string): void {
  const chmod = systemProgram("chmod");
  if (chmod !== undefined) spawnSync(chmod, ["-R", "u+rwX", "--", directory], { stdio: "ignore" });
}

/** The deepest first: proc_pid_mountinfo(5), the fifth field, with octal escapes. */
function mountsBelow(directory: string): string[] {
  let text: string;
  try {
    text = readFileSync("/proc/self/mountinfo", "utf8");
  } catch {
    return [];
  }
  const decoded = (word: string): string =>
    word.replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)));
  return text
    .split("\n")
    .map((line) => decoded(line.split(" ")[4] ?? ""))
    .filter((mount) => mount.startsWith(`${directory}/`))
    .reverse();
}
