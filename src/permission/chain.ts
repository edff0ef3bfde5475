// The permission chain of a path: every component from `/` on, whether it lets the subject through, and who decided.
import type { ChainLink } from "../finding/answer.ts";
import { mayAccess, mayOpen } from "./access.ts";
import { formatAcl } from "./acl.ts";
import { formatDarwinAcl } from "./darwin-acl.ts";
import { type Ask, type Decision, no, type Verdict } from "./decision.ts";
import { type Entry, formatMode } from "./entry.ts";
import type { Mount } from "./mount.ts";
import { mayChangeMode, mayChangeOwner, mayCreateInSticky, mayMove, mayUnlink } from "./ownership.ts";
import { type Resolved, Resolver } from "./resolve.ts";
import type { Subject } from "./subject.ts";
import { type KernelSettings, Refused, Unknowable, type World } from "./world.ts";

interface Decided {
  readonly path: string;
  readonly entry: Entry;
  readonly need: Ask;
  readonly decision: Decision;
}

export interface Chain {
  readonly verdict: Verdict;
  readonly links: readonly ChainLink[];
  /** The component that decides, when the verdict is not yes. */
  readonly decisive?: Partial<Decided> & { readonly path: string };
}

/** Whether the last component of the path is itself meant, even if it is a symbolic link. */
const aboutTheName: ReadonlySet<Ask> = new Set(["create", "delete", "rename"]);

/** Draws the chain. Symbolic links are followed, and shown where they stand. */
export function drawChain(world: World, subject: Subject, settings: KernelSettings, path: string, ask: Ask): Chain {
  const steps: { path: string; entry: Entry }[] = [];
  const resolver = new Resolver(world, subject, settings);
  try {
    const resolved = resolver.resolve("open", path, !aboutTheName.has(ask), (at, entry) => {
      steps.push({ path: at, entry });
    });
    const decided = decide(resolved, ask, subject, settings);
    const shown = new Set([resolved.path, ...decided.map((step) => step.path)]);
    const before = steps.filter((step) => !shown.has(step.path)).map((step) => passage(step, subject));
    const all = [...before, ...decided];
    const refused = decided.find(({ decision }) => decision.verdict !== "yes");
    const links = withMounts(all.map(linkOf), all);
    return refused === undefined
      ? { verdict: "yes", links }
      : { verdict: refused.decision.verdict, links, decisive: refused };
  } catch (error) {
    if (error instanceof Refused) return refusedChain(steps, subject, error);
    if (error instanceof Unknowable) return unknownChain(steps, subject, error);
    throw error;
  }
}

/** The last steps: what is asked of the directory and of the entry, in the kernel's order. */
function decide(resolved: Resolved, ask: Ask, subject: Subject, settings: KernelSettings): Decided[] {
  const { parent, path, entry } = resolved;
  const creates = ask === "create" || (ask === "lock" && entry === "absent");
  if (creates) {
    const decision = mayAccess(parent.entry, subject, "write");
    if (entry === "absent") return [{ need: ask, decision, ...parent }];
    return [{ path, entry, need: ask, decision: no("type", "EEXIST", "it exists already") }];
  }
  if (entry === "absent") {
    throw new Refused("open", path, "ENOENT", { path, need: "exist", by: "absent", because: "it does not exist" });
  }
  const at = { path, entry, need: ask };
  if (ask === "delete" || ask === "rename") {
    const { by, decision } = mayUnlink(parent.entry, entry, subject);
    if (ask === "rename" && decision.verdict === "yes") {
      const moved = mayMove(parent.entry, entry, subject);
      if (moved.verdict !== "yes") return [{ decision: moved, ...at }];
    }
    // On macOS the entry's own list may decide, whatever the directory's mode is.
    if (by === "entry" && entry.darwin !== undefined) return [{ decision, ...at }];
    if (by === "entry")
      return [
        { need: ask, decision: mayAccess(parent.entry, subject, "write"), ...parent },
        { decision, ...at },
      ];
    return [{ need: ask, decision, ...parent }];
  }
  if (ask === "chmod") return [{ decision: mayChangeMode(entry, subject), ...at }];
  // To somebody else: giving a file away is what needs a capability.
  if (ask === "chown") return [{ ...at, decision: mayChangeOwner(entry, subject, { uid: entry.uid === 0 ? 1 : 0 }) }];
  if (ask !== "lock") return [{ decision: mayAccess(entry, subject, ask), ...at }];
  const sticky = mayCreateInSticky(parent, entry, subject, settings.protectedRegular);
  return [{ ...at, decision: sticky.verdict === "yes" ? mayOpen(entry, subject, ["read", "write"]) : sticky }];
}

function passage({ path, entry }: { path: string; entry: Entry }, subject: Subject): Decided {
  const followed: Decision = { verdict: "yes", by: "type", because: "a symbolic link, followed" };
  return {
    path,
    entry,
    need: "execute",
    decision: entry.type === "symlink" ? followed : mayAccess(entry, subject, "execute"),
  };
}

function refusedChain(steps: readonly { path: string; entry: Entry }[], subject: Subject, { denial }: Refused): Chain {
  const passed = steps.map((step) => passage(step, subject));
  const { path, entry, because, by } = denial;
  if (by === "absent" || entry === undefined) {
    const missing: ChainLink = { path, owner: "", group: "", mode: "", need: "exist", verdict: "no", by, because };
    return { verdict: "no", links: withMounts([...passed.map(linkOf), missing], passed), decisive: { path } };
  }
  const decision: Decision = { verdict: "no", by, because };
  const decisive: Decided = { path, entry, need: "execute", decision };
  const all = passed.map((step) => (step.path === path ? decisive : step));
  return { verdict: "no", links: withMounts(all.map(linkOf), all), decisive };
}

function unknownChain(
  steps: readonly { path: string; entry: Entry }[],
  subject: Subject,
  { path, reason }: Unknowable,
): Chain {
  const passed = steps.map((step) => passage(step, subject));
  const known = passed.some((step) => step.path === path);
  const unseen: ChainLink = {
    path,
    owner: "",
    group: "",
    mode: "",
    need: "exist",
    verdict: "unknown",
    by: "absent",
    because: reason,
  };
  return {
    verdict: "unknown",
    links: withMounts([...passed.map(linkOf), ...(known ? [] : [unseen])], passed),
    decisive: { path },
  };
}

function linkOf({ path, entry, need, decision }: Decided): ChainLink {
  return {
    path,
    owner: String(entry.uid),
    group: String(entry.gid),
    mode: formatMode(entry),
    ...aclOf(entry),
    need,
    verdict: decision.verdict,
    by: decision.by,
    because: decision.because,
  };
}

function aclOf({ acl, darwin, type }: Entry): Pick<ChainLink, "acl"> {
  if (acl !== undefined) return { acl: formatAcl(acl) };
  if (darwin === undefined || darwin.acl.length === 0) return {};
  return { acl: formatDarwinAcl(darwin.acl, type === "directory") };
}

/** Says the mount on the first component that is seen through it. */
function withMounts(links: readonly ChainLink[], steps: readonly { path: string; entry: Entry }[]): ChainLink[] {
  const mounts = new Map(steps.map(({ path, entry }) => [path, entry.mount]));
  let previous: Mount | undefined;
  return links.map((link) => {
    const mount = mounts.get(link.path);
    if (mount === undefined || mount.mountPoint === previous?.mountPoint) return link;
    previous = mount;
    const flags = [
      mount.readOnly ? "ro" : "rw",
      ...(mount.noexec ? ["noexec"] : []),
      ...(mount.idmapped ? ["idmapped"] : []),
    ];
    return { ...link, mount: [mount.type, ...flags].join(",") };
  });
}
