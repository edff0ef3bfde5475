// Go waits for locks without a word. When a command has waited for a while, it is said for which file and for whom: proc_locks(5).
import { readdirSync, readFileSync, readlinkSync, statSync } from "node:fs";

export interface Waiting {
  readonly pid: number;
  /** The file, where a descriptor of the waiting process leads to it. */
  readonly path?: string;
  /** Who holds the lock; absent in another PID namespace. */
  readonly holder?: { readonly pid: number; readonly uid?: number; readonly command?: string };
}

/** Milliseconds between two looks: what is seen waiting for the same lock twice is told. */
const interval = 3_000;

/**
 * Looks now and then whether the command, or what it started, waits for a lock.
 * @param tell is told once of each
 * @returns what ends the watch
 */
export function watchLocks(pid: number, tell: (waiting: Waiting) => void): () => void {
  if (process.platform !== "linux") return () => undefined;
  let before = new Set<string>();
  const told = new Set<string>();
  const timer = setInterval(() => {
    const now = waitingIn(pid);
    for (const [key, waiting] of now) {
      if (!before.has(key) || told.has(key)) continue;
      told.add(key);
      tell(waiting);
    }
    before = new Set(now.keys());
  }, interval);
  timer.unref();
  return () => clearInterval(timer);
}

/** What a process or its descendants wait for. A waiter stands below its lock, with an arrow. */
function waitingIn(pid: number): Map<string, Waiting> {
  const found = new Map<string, Waiting>();
  const text = readText("/proc/locks");
  if (!text.includes("->")) return found;
  const family = descendants(pid);
  for (const line of text.split("\n")) {
    const waiter = parseLock(line);
    if (waiter === undefined || !waiter.waits || !family.has(waiter.pid)) continue;
    const lock = text
      .split("\n")
      .map(parseLock)
      .find((other) => other !== undefined && !other.waits && other.id === waiter.id);
    const path = pathOf(waiter.pid, waiter.inode);
    const holder = lock === undefined || lock.pid <= 0 ? undefined : describe(lock.pid);
    found.set(`${waiter.pid} ${waiter.inode}`, {
      pid: waiter.pid,
      ...(path === undefined ? {} : { path }),
      ...(holder === undefined ? {} : { holder }),
    });
  }
  return found;
}

/** `3: -> FLOCK  ADVISORY  WRITE 4711 fd:01:1234 0 EOF` */
function parseLock(line: string) {
  const match = /^(\d+): (-> )?\s*\S+\s+\S+\s+\S+\s+(-?\d+) [0-9a-f]+:[0-9a-f]+:(\d+) /.exec(line);
  if (match === null) return undefined;
  return { id: match[1], waits: match[2] !== undefined, pid: Number(match[3]), inode: match[4] as string };
}

function descendants(pid: number, found = new Set<number>()): Set<number> {
  found.add(pid);
  for (const task of namesIn(`/proc/${pid}/task`)) {
    for (const child of readText(`/proc/${pid}/task/${task}/children`).split(" ")) {
      if (child !== "" && !found.has(Number(child))) descendants(Number(child), found);
    }
  }
  return found;
}

function pathOf(pid: number, inode: string): string | undefined {
  for (const name of namesIn(`/proc/${pid}/fd`)) {
    const link = `/proc/${pid}/fd/${name}`;
    try {
      if (String(statSync(link).ino) === inode) return readlinkSync(link);
    } catch {
      // It was closed meanwhile.
    }
  }
  return undefined;
}

function describe(pid: number): NonNullable<Waiting["holder"]> {
  const command = readText(`/proc/${pid}/cmdline`).replaceAll("\0", " ").trim().slice(0, 200);
  const uid = statSync(`/proc/${pid}`, { throwIfNoEntry: false })?.uid;
  return { pid, ...(uid === undefined ? {} : { uid }), ...(command === "" ? {} : { command }) };
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

function namesIn(path: string): string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}
