// One run at a time changes a cache. The lock is a file in the state directory that names its holder; one whose holder has
// ended is taken over. Node has no flock(2).
import { randomBytes } from "node:crypto";
import { closeSync, linkSync, readFileSync, readlinkSync, renameSync, rmSync, unlinkSync, writeSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import { exitStatus, UserError } from "../error.ts";
import type { StateDirectory } from "./state.ts";

interface Holder {
  readonly pid: number;
  /** When the process started, in clock ticks since boot: a PID alone may be another's by now (proc_pid_stat(5), starttime). */
  readonly started: string;
  /** The PID namespace that the PID belongs to. */
  readonly namespace: string;
  readonly boot: string;
  readonly command: string;
}

/** Milliseconds between two looks, and how long to wait in all. */
const interval = 200;
const longest = 60_000;

export class RunLock {
  private constructor(
    private readonly state: StateDirectory,
    private readonly name: string,
  ) {}

  /**
   * Takes the lock, waiting for who holds it.
   * @param key of what is locked: device and inode of the cache
   * @param onWait called once, with who holds it
   * @throws {UserError} if it is still held after a minute
   */
  static async take(
    state: StateDirectory,
    key: string,
    command: string,
    onWait: (holder: string) => void,
  ): Promise<RunLock> {
    const name = `${key}.lock`;
    const me = JSON.stringify({ ...identity(process.pid), command } satisfies Holder);
    for (let waited = 0; ; waited += interval) {
      if (tryCreate(state, name, me)) return new RunLock(state, name);
      const holder = read(state, name);
      if (holder === undefined || isGone(holder)) {
        takeAway(state, name, holder);
        continue;
      }
      const who = `process ${holder.pid} (gomodcache ${holder.command})`;
      if (waited === 0) onWait(who);
      if (waited >= longest)
        throw new UserError(
          `${who} is changing this cache`,
          `wait until it has ended; if it has, delete ${state.path}/${name}`,
          exitStatus.findings,
        );
      await setTimeout(interval);
    }
  }

  release(): void {
    unlinkSync(this.state.pathOf(this.name));
  }
}

/** Writes the lock under another name first, so that nobody ever sees half of it. */
function tryCreate(state: StateDirectory, name: string, text: string): boolean {
  // Not the PID: in another container it can be another process's too.
  const draft = `${name}.${randomBytes(8).toString("hex")}.new`;
  try {
    const fd = state.create(draft);
    try {
      writeSync(fd, text);
    } finally {
      closeSync(fd);
    }
    return link(state, draft, name);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new UserError(
      `no lock can be made in ${state.path} (${code}), so nothing is changed`,
      "free some space, or name another directory with --state-dir DIR",
      exitStatus.findings,
    );
  } finally {
    rmSync(state.pathOf(draft), { force: true });
  }
}

/** @returns false if the name is taken */
function link(state: StateDirectory, from: string, to: string): boolean {
  try {
    linkSync(state.pathOf(from), state.pathOf(to));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

/** Undefined if the lock has gone, or does not say who holds it. */
function read(state: StateDirectory, name: string): Holder | undefined {
  try {
    return JSON.parse(state.read(name, 2)) as Holder;
  } catch (error) {
    if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/** Only a process of this boot and this PID namespace can be looked up; of any other it is not known whether it has ended. */
function isGone(holder: Holder): boolean {
  const here = identity(holder.pid);
  if (holder.boot !== here.boot) return true;
  return holder.namespace === here.namespace && holder.started !== here.started;
}

/** Moves the lock away under a name of our own first: of several who see it is stale, one has it then. */
function takeAway(state: StateDirectory, name: string, seen: Holder | undefined): void {
  const mine = `${name}.${randomBytes(8).toString("hex")}`;
  try {
    renameSync(state.pathOf(name), state.pathOf(mine));
  } catch {
    return;
  }
  // Another may have replaced it between the look and the move: then it goes back.
  const moved = read(state, mine);
  if (moved !== undefined && JSON.stringify(moved) !== JSON.stringify(seen)) link(state, mine, name);
  unlinkSync(state.pathOf(mine));
}

function identity(pid: number): Omit<Holder, "command"> {
  const text = (path: string): string => {
    try {
      return readFileSync(path, "latin1");
    } catch {
      return "";
    }
  };
  const stat = text(`/proc/${pid}/stat`);
  // The name in parentheses may hold spaces; starttime is the 20th field after it.
  const started = stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "";
  return {
    pid,
    started,
    namespace: readlinkSync("/proc/self/ns/pid"),
    boot: text("/proc/sys/kernel/random/boot_id").trim(),
  };
}
