// Credentials that a thread gave itself, as far as a trace has the calls: credentials(7), setuid(2), setresuid(2), setfsuid(2), setgroups(2).

/** What was changed since the beginning of the trace; absent is what the first process had. Those that count for files. */
export interface ChangedIds {
  readonly uid?: number;
  readonly gid?: number;
  readonly groups?: readonly number[];
}

/** Which argument becomes the ID that counts for files. */
const effective: Readonly<Record<string, readonly ["uid" | "gid", number]>> = {
  setuid: ["uid", 0],
  setgid: ["gid", 0],
  setfsuid: ["uid", 0],
  setfsgid: ["gid", 0],
  setreuid: ["uid", 1],
  setregid: ["gid", 1],
  setresuid: ["uid", 1],
  setresgid: ["gid", 1],
};

/**
 * What a call that succeeded makes of them. Each thread has its own: glibc and Go make the call in every thread.
 * @param name as strace prints it; `setuid32` on 32-bit machines
 * @param args as strace prints them
 * @returns the same value if it changes nothing
 */
export function changeIds(before: ChangedIds, name: string, args: readonly string[]): ChangedIds {
  const call = name.replace(/32$/, "");
  if (call === "setgroups") {
    const list = /^\[([\d, ]*)\]$/.exec(args[1] ?? "")?.[1];
    // An abbreviated list, `[1, 2, ...]`, tells nothing.
    if (list === undefined && args[0] !== "0") return before;
    return { ...before, groups: (list ?? "").split(",").flatMap((one) => (one.trim() === "" ? [] : [Number(one)])) };
  }
  const [which, position] = effective[call] ?? [];
  const id = position === undefined ? undefined : Number(args[position]);
  // (uid_t) -1 leaves it.
  if (which === undefined || id === undefined || !Number.isInteger(id) || id < 0 || id === 0xffffffff) return before;
  return { ...before, [which]: id };
}
