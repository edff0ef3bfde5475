// One run at a time changes a cache. The lock is a file in the state directory that names its holder; one whose holder has
// ended is taken over. Node has no flock(2).
//
// Why two never hold it: locks form a chain. The first is `KEY.lock`, and `KEY.lock.ID` comes after the lock of that ID; IDs are
// random and never come twice. Only the last of the chain holds. Who finds the last one dead links itself after it: link(2) lets
// one do so. But that one may have been slow, and the dead lock long gone; so it walks the chain once more, and holds only if the
// chain still ends with itself. It does not if somebody came first: who holds moves itself to `KEY.lock` before any name after
// it is freed, so that a chain walked later does not lead past the dead lock. Nobody but the holder renames or removes what is
// in the chain, and a dead one does not come back.
import { randomBytes } from "node:crypto";
import { closeSync, writeSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import { exitStatus, UserError } from "../error.ts";
import { type ProcessIdentity, processIdentity } from "../host/process-identity.ts";
import type { StateDirectory } from "./state.ts";

interface Holder extends ProcessIdentity {
  readonly id: string;
  readonly command: string;
}

/** Milliseconds between two looks, and how long to wait in all. */
const usualInterval = 200;
const longest = 60_000;

/** What the names of locks end in that are not in the chain yet. */
const draftSuffix = ".new";

export class RunLock {
  private constructor(
    private readonly state: StateDirectory,
    private readonly name: string,
    private readonly id: string,
  ) {}

  /**
   * Takes the lock, waiting for who holds it.
   * @param key of what is locked: device and inode of the cache
   * @param onWait called once, with who holds it
   * @param interval milliseconds between two looks
   * @throws {UserError} if it is still held after a minute
   */
  static async take(
    state: StateDirectory,
    key: string,
    command: string,
    onWait: (holder: string) => void,
    interval = usualInterval,
  ): Promise<RunLock> {
    const name = `${key}.lock`;
    const draft = new Draft(state, name, command);
    try {
      for (let waited = 0; ; waited += interval) {
        const holder = draft.enter();
        if (holder === undefined) return new RunLock(state, name, draft.id);
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
    } finally {
      draft.discard();
    }
  }

  release(): void {
    // Whoever deleted the lock by hand let another one in.
    if (lockAt(this.state, this.name)?.id === this.id) remove(this.state, this.name);
  }
}

/** A lock in the chain. Without a holder it is torn: the machine went down before the disk had its text. */
interface Lock {
  readonly id: string;
  readonly holder?: Holder;
}

/** This run's own lock, written under a name beside the chain, so that nobody ever sees half of it. */
class Draft {
  readonly id = randomBytes(8).toString("hex");
  private readonly draft: string;

  constructor(
    private readonly state: StateDirectory,
    private readonly name: string,
    command: string,
  ) {
    this.draft = `${name}.${this.id}${draftSuffix}`;
    try {
      const fd = state.create(this.draft);
      try {
        writeSync(fd, JSON.stringify({ id: this.id, ...processIdentity(process.pid), command } satisfies Holder));
      } finally {
        closeSync(fd);
      }
    } catch (error) {
      this.discard();
      throw unmakeable(state, error);
    }
  }

  /** Enters the chain, if nobody holds the lock. @returns who does */
  enter(): Holder | undefined {
    const { state, name, draft, id } = this;
    for (;;) {
      if (this.link(name)) return undefined;
      const last = lastOf(state, name);
      if (last === undefined) continue;
      if (last.holder !== undefined && !isGone(last.holder)) return last.holder;
      const after = `${name}.${last.id}`;
      if (!this.link(after)) continue;
      if (lastOf(state, name)?.id === id) {
        state.rename(draft, name);
        clean(state, name);
        return undefined;
      }
      remove(state, after);
    }
  }

  discard(): void {
    remove(this.state, this.draft);
  }

  /** @returns false if the name is taken */
  private link(to: string): boolean {
    try {
      this.state.link(this.draft, to);
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
      throw unmakeable(this.state, error);
    }
  }
}

function unmakeable(state: StateDirectory, error: unknown): UserError {
  const { code } = error as NodeJS.ErrnoException;
  if (code === undefined) throw error;
  return new UserError(
    `no lock can be made in ${state.path} (${code}), so nothing is changed`,
    "free some space, or name another directory with --state-dir DIR",
    exitStatus.findings,
  );
}

/** The end of the chain; undefined if there is none. */
function lastOf(state: StateDirectory, name: string): Lock | undefined {
  let last = lockAt(state, name);
  for (let next = last; next !== undefined; next = lockAt(state, `${name}.${next.id}`)) last = next;
  return last;
}

/** Undefined if there is no such file. */
function lockAt(state: StateDirectory, name: string): Lock | undefined {
  let holder: Holder | undefined;
  try {
    holder = holderIn(state.read(name, 2));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
  if (holder !== undefined && /^[0-9a-f]{16}$/.test(holder.id)) return { id: holder.id, holder };
  const stats = state.look(name);
  if (stats === undefined) return undefined;
  return { id: `torn-${stats.ino}-${stats.mtimeNs}`, ...(holder === undefined ? {} : { holder }) };
}

/** Undefined if the text does not say who holds the lock. */
function holderIn(text: string): Holder | undefined {
  try {
    const holder = JSON.parse(text) as Holder | null;
    return Number.isInteger(holder?.pid) ? (holder as Holder) : undefined;
  } catch {
    return undefined;
  }
}

/** Removes what the dead have left. Whoever is linking itself after one of them comes too late, and will see it. */
function clean(state: StateDirectory, name: string): void {
  for (const other of state.names()) {
    if (!other.startsWith(`${name}.`)) continue;
    const holder = other.endsWith(draftSuffix) ? lockAt(state, other)?.holder : undefined;
    if (!other.endsWith(draftSuffix) || (holder !== undefined && isGone(holder))) remove(state, other);
  }
}

function remove(state: StateDirectory, name: string): void {
  state.remove(name);
}

/** Only a process of this boot and this PID namespace can be looked up; of any other it is not known whether it has ended. */
function isGone(holder: Holder): boolean {
  const here = processIdentity(holder.pid);
  if (holder.boot !== here.boot) return true;
  // What could not be told is no other process.
  const isTold = here.started === "" || (here.started !== "?" && holder.started !== "?");
  return isTold && holder.namespace === here.namespace && holder.started !== here.started;
}
