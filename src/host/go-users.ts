// Which running processes could be using a module cache: go commands whose environment leads to it, or hides where it leads.
import { readFileSync, realpathSync, statSync } from "node:fs";
import { posix } from "node:path";
import type { RunningGo } from "../facts/facts.ts";

/** What locks are held on a file: proc_locks(5). @returns the PIDs, -1 for holders outside of this PID namespace */
export function lockHolders(path: string): number[] {
  const stats = statSync(path, { bigint: true, throwIfNoEntry: false });
  if (stats === undefined) return [];
  let text: string;
  try {
    text = readFileSync("/proc/locks", "latin1");
  } catch {
    return [];
  }
  const hex = (number: bigint): string => number.toString(16).padStart(2, "0");
  // Major and minor of st_dev as the kernel packs them: gnu_dev_major and gnu_dev_minor.
  const major = ((stats.dev >> 8n) & 0xfffn) | ((stats.dev >> 32n) & ~0xfffn);
  const minor = (stats.dev & 0xffn) | ((stats.dev >> 12n) & ~0xffn);
  const key = ` ${hex(major)}:${hex(minor)}:${stats.ino} `;
  return text.split("\n").flatMap((line) => {
    if (!line.includes(key) || line.includes("->")) return [];
    return [Number(line.trim().split(/\s+/)[4])];
  });
}

/** Of running go commands, those that use this cache, or could. */
export function usersOfCache(running: readonly RunningGo[], cache: string): RunningGo[] {
  return running.filter(({ pid }) => {
    const used = cacheOf(pid);
    return used === undefined || used === cache || real(used) === cache;
  });
}

/** The cache that a process's environment names; undefined if that cannot be told. */
function cacheOf(pid: number): string | undefined {
  let variables: Map<string, string>;
  try {
    const text = readFileSync(`/proc/${pid}/environ`, "utf8");
    variables = new Map(
      text.split("\0").map((line): [string, string] => {
        const equals = line.indexOf("=");
        return [line.slice(0, equals), line.slice(equals + 1)];
      }),
    );
  } catch {
    return undefined;
  }
  const given = variables.get("GOMODCACHE");
  if (given) return given;
  // Settings of go env -w would come before the defaults.
  if (variables.get("GOENV") !== "off") return undefined;
  const path = variables.get("GOPATH")?.split(":")[0] || posix.join(variables.get("HOME") ?? "/", "go");
  return posix.join(path, "pkg/mod");
}

function real(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}
