// Becomes another user for good: credentials(7), setuid(2), capabilities(7), "Effect of user ID changes on capabilities".
import { readFileSync } from "node:fs";
import { exitStatus, UserError } from "../error.ts";

export interface Identity {
  readonly uid: number;
  readonly gid: number;
  /** Supplementary groups; whether `gid` is repeated in it does not matter. */
  readonly groups: readonly number[];
}

/**
 * Gives up the rights of this process for those of the user: supplementary groups, then GID, then UID, in all threads, and
 * then makes sure of it. A process that is not root and has the UID already keeps what it is, its own groups too.
 * After an error the process may be half way there: it must end, and run nothing for the user.
 * @returns whether there was anything to give up
 * @throws {UserError} with status 4 if the system refuses, or if rights are left
 */
export function dropTo(identity: Identity): boolean {
  const { uid, gid, groups } = identity;
  if (uid !== 0 && process.getuid?.() === uid && process.geteuid?.() === uid) return false;
  const step = (name: string, change: () => void): void => {
    try {
      change();
    } catch (error) {
      throw refused(identity, `${name}: ${(error as NodeJS.ErrnoException).code ?? (error as Error).message}`);
    }
  };
  // Asked for only where it changes something: root without CAP_SETGID may not even set the groups it has.
  if (!sameGroups(process.getgroups?.() ?? [], groups, gid)) {
    step("setgroups", () => process.setgroups?.([...new Set([gid, ...groups])]));
  }
  step("setgid", () => process.setgid?.(gid));
  step("setuid", () => process.setuid?.(uid));
  const left = whatIsLeft(identity);
  if (left !== undefined) throw refused(identity, left);
  return true;
}

/** What this process still has that the user has not, in words. */
function whatIsLeft({ uid, gid, groups }: Identity): string | undefined {
  const ids = [process.getuid?.(), process.geteuid?.()].every((id) => id === uid);
  if (!ids || ![process.getgid?.(), process.getegid?.()].every((id) => id === gid)) return "the IDs are not the user's";
  if (!sameGroups(process.getgroups?.() ?? [], groups, gid)) return "groups of the former user are left";
  const status = readStatus();
  if (status !== undefined) {
    const field = (name: string): string => new RegExp(`^${name}:\\s*(.*)$`, "m").exec(status)?.[1] ?? "";
    const isAll = (name: string, id: number): boolean =>
      field(name)
        .split(/\s+/)
        .every((text) => Number(text) === id);
    if (!isAll("Uid", uid) || !isAll("Gid", gid)) return "a saved ID is not the user's";
    // Securebits (SECBIT_NO_SETUID_FIXUP) and a start without UID 0 let capabilities survive.
    if (uid !== 0 && !["CapPrm", "CapEff", "CapAmb"].every((name) => /^0*$/.test(field(name))))
      return "capabilities are left after the change of user";
  }
  if (uid !== 0 && succeeds(() => process.setuid?.(0))) return "it could become root again";
  if (uid !== 0 && gid !== 0 && succeeds(() => process.setgid?.(0))) return "it could join root's group again";
  return undefined;
}

function succeeds(attempt: () => void): boolean {
  try {
    attempt();
    return true;
  } catch {
    return false;
  }
}

function sameGroups(have: readonly number[], want: readonly number[], gid: number): boolean {
  const list = (groups: readonly number[]): string => [...new Set([gid, ...groups])].sort((a, b) => a - b).join();
  return list(have) === list(want);
}

/** Undefined where there is no /proc (macOS), and no capabilities either. */
function readStatus(): string | undefined {
  try {
    return readFileSync("/proc/self/status", "utf8");
  } catch {
    return undefined;
  }
}

function refused({ uid, gid }: Identity, reason: string): UserError {
  return new UserError(
    `cannot become user ${uid} (group ${gid}): ${reason}. Nothing was run for that user`,
    `start as root with CAP_SETUID and CAP_SETGID (docker run --cap-add SETUID --cap-add SETGID), or as that user from the beginning: --user ${uid}:${gid}`,
    exitStatus.privilege,
  );
}
