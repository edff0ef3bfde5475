// Lists and flags of entries on macOS, by chmod(1) and chflags(1), as Node has no call for them. They take paths: so only for a plain
// user, on a bare name in the directory that this process is in and holds, never following a link (-h), and what is there is read before
// and after. Who may write in that directory could still exchange the entry for another of the same user in between; nobody else's
// can be changed by it.
import { show, toBytes } from "../host/bytes.ts";
import { DarwinAttributes } from "../host/macos/attributes.ts";
import { type MacosTools, thisPlatform } from "../host/macos/tools.ts";
import { complaint } from "../host/run.ts";
import type { EntryAcls } from "../permission/acl.ts";
import { formatDarwinAcl } from "../permission/darwin-acl.ts";
import {
  aclSteps,
  chmodArguments,
  type DarwinState,
  noDarwinState,
  sameDarwinAcl,
  sameDarwinState,
} from "../permission/darwin-steps.ts";
import type { Change, Outcome, Seen, Undone } from "./change.ts";
import { lookAt, pathAt, sitting } from "./pin.ts";

/** Reads lists and flags by path, for a plan. @returns besides which list holds something of an unknown form, and stays as it is */
export function readDarwinStates(
  paths: readonly string[],
  tools: MacosTools = thisPlatform.tools,
): { acls: ReadonlyMap<string, EntryAcls>; unseen?: string } {
  const attributes = attributesOf(tools);
  const acls = new Map<string, EntryAcls>();
  for (const [path, { acl, flags }] of attributes.read(paths.map((one) => ({ path: one, isLink: false }))))
    if (acl.length > 0 || flags.length > 0) acls.set(path, { darwin: { acl, flags } });
  const unseen = attributes.unseen ?? unreadAmong(acls);
  return { acls, ...(unseen === undefined ? {} : { unseen }) };
}

function unreadAmong(acls: ReadonlyMap<string, EntryAcls>): string | undefined {
  for (const [path, { darwin }] of acls) {
    const unread = darwin?.acl.find((ace) => "unread" in ace);
    // What is gone meanwhile is not shown either.
    if (unread !== undefined && lookAt(toBytes(path)) !== undefined)
      return `${show(path)} has an entry of an unknown form and keeps its list: ${formatDarwinAcl([unread], true)}`;
  }
  return undefined;
}

function attributesOf(tools: MacosTools): DarwinAttributes {
  return new DarwinAttributes({ name: "darwin", tools });
}

export class DarwinChanger {
  private readonly attributes: DarwinAttributes;

  constructor(private readonly tools: MacosTools = thisPlatform.tools) {
    this.attributes = attributesOf({ ...tools, run: (tool, args) => tools.run(tool, args, ".") });
  }

  /** The list and the flags of an entry of a pinned directory; an empty name is the directory itself. @returns why not, in words */
  read(directory: number, name: string): DarwinState | string {
    return sitting(() => {
      const path = pathOf(directory, name);
      return path === undefined ? unnameable : this.readHere(path);
    });
  }

  /**
   * Takes flags away and makes the list the wanted one, before owner and mode are changed.
   * @returns the change as it is to be gone on with, since ctime is another one now
   */
  begin(directory: number, change: Change): Change | Undone {
    return sitting(() => this.beginHere(directory, change));
  }

  /** Sets the flags that are to come, after owner and mode, which they would keep from changing; and reads everything again. */
  finish(directory: number, { name, wanted }: Change): Outcome {
    const { darwin: to = noDarwinState } = wanted;
    return sitting(() => {
      const path = pathOf(directory, name) ?? "";
      const now = this.readHere(path);
      if (typeof now === "string") return failed(now);
      const missing = to.flags.filter((flag) => !now.flags.includes(flag));
      const problem = missing.length === 0 ? undefined : this.run("chflags", ["-h", missing.join(), path]);
      if (problem !== undefined) return failed(problem);
      const after = missing.length === 0 ? now : this.readHere(path);
      if (typeof after === "string") return failed(after);
      return sameDarwinState(after, to)
        ? { status: "changed" }
        : failed(`the change was accepted, but it has ${words(after)}`);
    });
  }

  private beginHere(directory: number, change: Change): Change | Undone {
    const { name, seen, wanted } = change;
    const { darwin: to = noDarwinState } = wanted;
    if (process.geteuid?.() === 0) return { status: "failed", reason: asRoot, code: "EPERM" };
    const path = pathOf(directory, name);
    if (path === undefined) return failed(unnameable);
    const reason = departs(path, seen);
    if (reason !== undefined) return { status: "skipped", reason };
    const from = this.readHere(path);
    if (typeof from === "string") return failed(from);
    if (!sameDarwinState(from, seen.acls?.darwin ?? noDarwinState))
      return { status: "skipped", reason: "its ACL or its flags were changed meanwhile" };
    const problem = this.takeFlags(path, from, to) ?? this.makeList(path, from, to, seen.isDirectory);
    if (problem !== undefined) return failed(problem);
    const now = this.readHere(path);
    if (typeof now === "string") return failed(now);
    if (!sameDarwinAcl(now.acl, to.acl)) return failed(`chmod was content, but it has ${words(now)}`);
    const stats = lookAt(path);
    if (stats === undefined) return { status: "skipped", reason: "it is gone" };
    if (stats.ino !== Number(seen.ino)) return failed("something else was put there meanwhile");
    return { ...change, seen: { ...seen, ctime: stats.ctimeMs } };
  }

  private takeFlags(path: string, from: DarwinState, to: DarwinState): string | undefined {
    const excess = from.flags.filter((flag) => !to.flags.includes(flag)).map((flag) => `no${flag}`);
    return excess.length === 0 ? undefined : this.run("chflags", ["-h", excess.join(), path]);
  }

  private makeList(path: string, from: DarwinState, to: DarwinState, isDirectory: boolean): string | undefined {
    for (const step of aclSteps(from.acl, to.acl)) {
      const problem = this.run("chmod", ["-h", ...chmodArguments(step, isDirectory), path]);
      if (problem !== undefined) return problem;
    }
    return undefined;
  }

  private run(tool: "chmod" | "chflags", args: readonly string[]): string | undefined {
    const result = this.tools.run(tool, args, ".");
    return result.status === 0 ? undefined : `${tool}: ${complaint(result).replace(`${tool}: `, "")}`;
  }

  private readHere(path: string): DarwinState | string {
    const { acl = [], flags = [] } = this.attributes.read([{ path, isLink: false }]).get(path) ?? {};
    const unread = acl.find((ace) => "unread" in ace);
    return unread === undefined ? { acl, flags } : `its ACL cannot be told: ${words({ acl: [unread], flags: [] })}`;
  }
}

const unnameable = "its name is not UTF-8, which no tool of macOS takes";
const asRoot =
  "chmod +a and chflags take a path, which another user could exchange meanwhile: run this as the owner, or the commands of --print-commands";

/** Undefined for a name that is no text. */
function pathOf(directory: number, name: string): string | undefined {
  const path = pathAt(directory, name === "" ? "." : name);
  return typeof path === "string" ? path : undefined;
}

/** In what the entry of that name differs from what was seen; no descriptor is needed, which the list could deny. */
function departs(path: string, seen: Seen): string | undefined {
  const stats = lookAt(path);
  if (stats === undefined) return "it is gone";
  if (stats.isDirectory() !== seen.isDirectory || !(stats.isDirectory() || stats.isFile()))
    return "something else is there now";
  if (stats.ino !== Number(seen.ino)) return "something else is there now";
  if (!seen.isDirectory && stats.nlink !== seen.links) return "it has other hard links now";
  const isSame = stats.ctimeMs === seen.ctime && stats.uid === seen.uid && stats.gid === seen.gid;
  return isSame && (stats.mode & 0o7777) === seen.mode ? undefined : "it was changed meanwhile";
}

function words({ acl, flags }: DarwinState): string {
  const list = acl.length === 0 ? "no ACL" : `the ACL ${formatDarwinAcl(acl, true)}`;
  return flags.length === 0 ? list : `${list} and the flags ${flags.join()}`;
}

function failed(reason: string): Undone {
  return reason.includes("Operation not permitted")
    ? { status: "failed", reason, code: "EPERM" }
    : { status: "failed", reason };
}
