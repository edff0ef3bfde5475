// Why the kernel says EPERM even to root: the inode's attributes, which only an open file tells. lsattr(1) opens it, started in the
// pinned directory and given the bare name, which it does not follow if it is a link.
import { spawnSync } from "node:child_process";
import { toBytes } from "../host/bytes.ts";
import { systemPath } from "../host/system-path.ts";
import type { Held, Outcome } from "./change.ts";
import { childDirectory } from "./pin.ts";

/** It only serves an explanation, and starts a program each time. */
const mostAsked = 50;
const timeout = 5_000;

export class AttributeReader {
  private asked = 0;

  /** The outcome with the true reason, if it was EPERM and an attribute is to blame. @param parent the directory that the entry is in */
  explain(outcome: Outcome, { fd, change }: Held, parent?: number): Outcome {
    if (outcome.status === "changed" || outcome.code !== "EPERM" || this.asked >= mostAsked) return outcome;
    const { isDirectory } = change.seen;
    const directory = isDirectory ? fd : parent;
    // Node passes arguments as UTF-8 only.
    const cwd = directory === undefined ? undefined : childDirectory(directory);
    if (cwd === undefined || typeof toBytes(change.name) !== "string") return outcome;
    this.asked += 1;
    const { stdout } = spawnSync("lsattr", ["-d", "--", isDirectory ? "." : change.name], {
      cwd,
      env: { PATH: systemPath, LC_ALL: "C" },
      timeout,
      killSignal: "SIGKILL",
      encoding: "latin1",
    });
    const flags = /^([A-Za-z-]{10,}) /.exec(stdout ?? "")?.[1] ?? "";
    if (flags.includes("i")) return { ...outcome, reason: "it is immutable, also for root: chattr -i ends that" };
    if (flags.includes("a")) return { ...outcome, reason: "it is append-only, also for root: chattr -a ends that" };
    return outcome;
  }
}
