// What `can` and `why` answer.
import type { Ask, DecidedBy, Verdict } from "../permission/decision.ts";
import type { Subject } from "../permission/subject.ts";
import type { Denial } from "../permission/world.ts";
import type { Fix } from "./finding.ts";

/** One thing that an operation needs and does not get, or that could not be told. */
export interface Reason {
  /** The entry that go would have needed. */
  readonly path: string;
  /** What of it: `read`, `create`, `be fetched`, … */
  readonly need: string;
  /** The component that refuses, with its rule; absent when nothing refuses but something is missing or unknown. */
  readonly deniedBy?: { readonly path: string; readonly by: Denial["by"]; readonly because: string };
  /** One sentence. */
  readonly message: string;
}

export interface CanAnswer {
  readonly operation: string;
  /** The go command that was played. */
  readonly goCommand: string;
  readonly target: string;
  readonly subject: Subject;
  readonly subjectName?: string;
  readonly verdict: Verdict;
  /** Empty when the verdict is yes. The first is what go would trip over first. */
  readonly reasons: readonly Reason[];
  /** What the answer rests on (the network, say), and what go would complain about and still succeed. */
  readonly warnings: readonly string[];
}

/** One path component, and whether it lets the subject through. */
export interface ChainLink {
  readonly path: string;
  readonly owner: string;
  readonly group: string;
  /** `drwxr-xr-x`; empty for what does not exist. */
  readonly mode: string;
  /** In setfacl's short form; on macOS the entries as ls prints them, joined by `; `. */
  readonly acl?: string;
  /** Type and options of the mount, on the first component below its mount point. */
  readonly mount?: string;
  readonly need: Ask | "exist";
  readonly verdict: Verdict;
  readonly by: DecidedBy | "absent";
  readonly because: string;
}

export interface WhyAnswer {
  readonly path: string;
  readonly need: Ask;
  readonly subject: Subject;
  readonly subjectName?: string;
  readonly verdict: Verdict;
  readonly chain: readonly ChainLink[];
  /** What the kernel said when a process of that subject tried, or why it was not asked. */
  readonly kernel:
    | { readonly asked: true; readonly allowed: boolean; readonly agrees: boolean }
    | { readonly asked: false; readonly reason: string };
  readonly fixes: readonly Fix[];
}
