// Carries out changes below a root: each directory is opened from the one above it, on the root's own mount, and each entry is
// pinned and compared before it is touched. Everything that changes metadata goes through here.
import { closeSync } from "node:fs";
import { sameAcl, sameButBits } from "../contract/departure.ts";
import type { Acl, EntryAcls } from "../permission/acl.ts";
import { getfacl, modeBeforeAcl, setfacl, setfaclArguments } from "./acl-change.ts";
import { AttributeReader } from "./attribute-reader.ts";
import { type Change, changeMetadata, difference, type Held, hold, type Outcome, undone, verify } from "./change.ts";
import { DarwinChanger } from "./darwin-change.ts";
import { chmodPinned, mostPinned, pinAgain, sitting, statPinned } from "./pin.ts";
import type { Root } from "./root.ts";
import { Way } from "./way.ts";

/** The changes in one directory. */
export interface DirectoryChanges {
  /** Its names below the root, from the top; empty for the root itself. */
  readonly names: readonly string[];
  readonly changes: readonly Change[];
}

/** How many entries wait, pinned, for one setfacl. */
const mostHeld = 100;

export type Report = (directory: DirectoryChanges, change: Change, outcome: Outcome) => void;

export class Changer {
  private readonly way: Way;
  /** Entries that wait for their ACL, by the arguments of setfacl. */
  private readonly waiting = new Map<string, { held: Held; directory: DirectoryChanges }[]>();
  private waitingCount = 0;
  private readonly mostHeld = mostPinned(mostHeld);
  private readonly attributes = new AttributeReader();
  private readonly darwin = new DarwinChanger();

  constructor(
    private readonly root: Root,
    private readonly report: Report,
    /** Whether anything is mounted below the root now: then a file, too, may be a mount point. */
    private readonly hasMounts: () => boolean,
  ) {
    this.way = new Way(root);
  }

  /** Changes the root itself. */
  changeRoot(change: Change): void {
    const at: DirectoryChanges = { names: [], changes: [change] };
    const begun = this.begin(this.root.fd, change, at);
    if (begun === undefined) return;
    const reason = difference(this.root.fd, begun.seen, this.root);
    if (reason !== undefined) this.report(at, begun, { status: "skipped", reason });
    // The root stays open; what is held here is closed when it is done, so it is pinned once more.
    else sitting(() => this.changePinnedRoot(begun, at));
  }

  private changePinnedRoot(change: Change, at: DirectoryChanges): void {
    let fd: number;
    try {
      fd = pinAgain(this.root.fd);
    } catch (error) {
      this.report(at, change, undone(error));
      return;
    }
    this.carryOut({ fd, change }, at, this.root.fd);
  }

  /** Changes entries of one directory. ACLs may come later: `finish` sees to them. */
  change(directory: DirectoryChanges): void {
    sitting(() => this.changeHere(directory));
  }

  private changeHere(directory: DirectoryChanges): void {
    const fd = this.way.enter(directory.names);
    if (typeof fd !== "number") {
      for (const change of directory.changes) this.report(directory, change, fd);
      return;
    }
    for (const change of directory.changes) {
      const begun = this.begin(fd, change, directory);
      if (begun === undefined) continue;
      const held = hold(fd, begun, this.root, this.hasMounts());
      if ("status" in held) this.report(directory, begun, held);
      else this.carryOut(held, directory, fd);
    }
  }

  /** On macOS, what has to be done before the entry can be held: its list could deny that. @returns undefined if it was reported */
  private begin(directory: number, change: Change, at: DirectoryChanges): Change | undefined {
    if (change.wanted.darwin === undefined) return change;
    const begun = this.darwin.begin(directory, change);
    if (!("status" in begun)) return begun;
    this.report(at, change, begun);
    return undefined;
  }

  /** Sets the ACLs that are left, and lets go of everything but the root. */
  finish(): void {
    this.flush();
    this.way.close();
  }

  private carryOut(held: Held, directory: DirectoryChanges, parent: number): void {
    const { wanted, seen } = held.change;
    const args = setfaclArguments(wanted, seen.acls);
    const waits = waitsForAcl(held.change);
    const outcome = changeMetadata(
      held,
      args === undefined ? wanted.mode : modeBeforeAcl(seen.mode, wanted.mode, wanted.acl),
    );
    if (outcome.status !== "changed" || !waits) {
      const done = outcome.status === "changed" && wanted.darwin !== undefined;
      const finished = done ? this.darwin.finish(parent, held.change) : outcome;
      const explained = this.attributes.explain(finished, held, parent);
      closeSync(held.fd);
      this.report(directory, held.change, explained);
      return;
    }
    const key = (args ?? []).join("\0");
    const group = this.waiting.get(key) ?? [];
    group.push({ held, directory });
    this.waiting.set(key, group);
    this.waitingCount += 1;
    if (this.waitingCount >= this.mostHeld) this.flush();
  }

  private flush(): void {
    for (const [key, group] of this.waiting) {
      const fds = group.map(({ held }) => held.fd);
      const problem = key === "" ? undefined : setfacl(key.split("\0"), fds);
      const acls = getfacl(fds);
      for (const [index, { held, directory }] of group.entries()) {
        const settled = this.settle(held, typeof acls === "string" ? acls : { has: acls[index] }, problem);
        const outcome = this.attributes.explain(settled, held);
        closeSync(held.fd);
        this.report(directory, held.change, outcome);
      }
    }
    this.waiting.clear();
    this.waitingCount = 0;
  }

  /** The last rights, and a look at what came of it all. @param problem what setfacl said, perhaps of another entry */
  private settle(
    { fd, change }: Held,
    acls: string | { has: EntryAcls | undefined },
    problem: string | undefined,
  ): Outcome {
    const { wanted, seen } = change;
    const setsAcl = wanted.acl !== undefined || wanted.defaultAcl !== undefined;
    // Without getfacl no ACL was seen before either, and the survey has told so.
    if (typeof acls === "string") return setsAcl ? refusedBySetfacl(problem ?? acls) : verify(fd, wanted);
    const { acl, defaultAcl } = acls.has ?? {};
    if (!isAsWanted(acl, wanted.acl) || !isAsWanted(defaultAcl, wanted.defaultAcl))
      return refusedBySetfacl(problem ?? "setfacl was accepted, but the ACL is another one");
    if (
      hasAppeared(acl, wanted.acl, seen.acls?.acl) ||
      hasAppeared(defaultAcl, wanted.defaultAcl, seen.acls?.defaultAcl)
    )
      return { status: "failed", reason: "it has an ACL that was not there when it was looked at: run it again" };
    try {
      if ((statPinned(fd).mode & 0o7777) !== wanted.mode) chmodPinned(fd, wanted.mode);
    } catch (error) {
      return undone(error);
    }
    return verify(fd, wanted);
  }
}

/** Whether an entry's ACL is set, or has to be looked at once more. */
export function waitsForAcl({ seen, wanted }: Change): boolean {
  if (wanted.acl !== undefined || wanted.defaultAcl !== undefined) return true;
  // Who gives an entry up could have hidden its ACL from the survey, by exchanging a directory on the way to it.
  return seen.uid !== wanted.uid && seen.uid !== 0;
}

function isAsWanted(has: Acl | undefined, wanted: Acl | "none" | undefined): boolean {
  if (wanted === undefined) return true;
  if (wanted === "none" || has === undefined) return has === undefined && wanted === "none";
  return sameAcl(has, wanted);
}

/** True if an entry whose ACL was to stay as it is has one that it did not have. */
function hasAppeared(has: Acl | undefined, wanted: Acl | "none" | undefined, seen: Acl | undefined): boolean {
  if (wanted !== undefined || has === undefined) return false;
  return seen === undefined || !sameButBits(has, seen);
}

function refusedBySetfacl(reason: string): Outcome {
  return reason.endsWith("Operation not permitted")
    ? undone(Object.assign(new Error(reason), { code: "EPERM" }))
    : { status: "failed", reason };
}
