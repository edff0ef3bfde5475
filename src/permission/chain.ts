// The permission chain of a path: every component from `/` on, whether it lets the subject through, and who decided.
import type { ChainLink } from "../finding/answer.ts";
import { type Decision, mayAccess, type Need, type Verdict } from "./access.ts";
import { formatAcl } from "./acl.ts";
import { type Entry, formatMode } from "./entry.ts";
import type { Mount } from "./mount.ts";
import { Resolver } from "./resolve.ts";
import type { Subject } from "./subject.ts";
import { type KernelSettings, Refused, Unknowable, type World } from "./world.ts";

export interface Chain {
  readonly verdict: Verdict;
  readonly links: readonly ChainLink[];
  /** The entry that decides, when the verdict is not yes. */
  readonly decisive?: { readonly path: string; readonly entry?: Entry; readonly decision: Decision | undefined };
}

/** Draws the chain. Symbolic links are followed, and shown where they stand. */
export function drawChain(world: World, subject: Subject, settings: KernelSettings, path: string, need: Need): Chain {
  const steps: { path: string; entry: Entry }[] = [];
  const resolver = new Resolver(world, subject, settings);
  let end: { path: string; entry: Entry } | undefined;
  let failure: Refused | Unknowable | undefined;
  try {
    const resolved = resolver.resolve("open", path, true, (at, entry) => steps.push({ path: at, entry }));
    if (resolved.entry === "absent") {
      failure = new Refused("open", path, "ENOENT", {
        path: resolved.path,
        need: "exist",
        by: "absent",
        because: "it does not exist",
      });
    } else end = { path: resolved.path, entry: resolved.entry };
  } catch (error) {
    if (!(error instanceof Refused || error instanceof Unknowable)) throw error;
    failure = error;
  }
  const links = steps
    .filter((step) => step.path !== end?.path)
    .map(({ path: at, entry }) => throughLink(at, entry, subject, failure));
  if (failure !== undefined) return failedChain(links, failure);
  const last = end as { path: string; entry: Entry };
  const decision = mayAccess(last.entry, subject, need);
  const chain = withMounts([...links, linkOf(last.path, last.entry, need, decision)], [...steps, last]);
  if (decision.verdict === "yes") return { verdict: "yes", links: chain };
  return { verdict: decision.verdict, links: chain, decisive: { ...last, decision } };
}

function throughLink(
  path: string,
  entry: Entry,
  subject: Subject,
  failure: Refused | Unknowable | undefined,
): ChainLink {
  if (failure instanceof Refused && failure.denial.path === path) {
    const decision: Decision = {
      verdict: "no",
      by: failure.denial.by as Decision["by"],
      because: failure.denial.because,
    };
    return linkOf(path, entry, "execute", decision);
  }
  if (entry.type === "symlink")
    return linkOf(path, entry, "execute", { verdict: "yes", by: "type", because: "a symbolic link, followed" });
  return linkOf(path, entry, "execute", mayAccess(entry, subject, "execute"));
}

function failedChain(links: ChainLink[], failure: Refused | Unknowable): Chain {
  if (failure instanceof Unknowable) {
    const unseen: ChainLink = {
      path: failure.path,
      owner: "",
      group: "",
      mode: "",
      need: "exist",
      verdict: "unknown",
      by: "absent",
      because: failure.reason,
    };
    const known = links.some((link) => link.path === failure.path);
    return {
      verdict: "unknown",
      links: known ? links : [...links, unseen],
      decisive: { path: failure.path, decision: undefined },
    };
  }
  const { path, entry, because, by } = failure.denial;
  const decisive = {
    path,
    ...(entry === undefined ? {} : { entry }),
    decision: { verdict: "no", by, because } as Decision,
  };
  if (by !== "absent") return { verdict: "no", links, decisive };
  const missing: ChainLink = { path, owner: "", group: "", mode: "", need: "exist", verdict: "no", by, because };
  return { verdict: "no", links: [...links, missing], decisive };
}

function linkOf(path: string, entry: Entry, need: Need, decision: Decision): ChainLink {
  return {
    path,
    owner: String(entry.uid),
    group: String(entry.gid),
    mode: formatMode(entry),
    ...(entry.acl === undefined ? {} : { acl: formatAcl(entry.acl) }),
    need,
    verdict: decision.verdict,
    by: decision.by,
    because: decision.because,
  };
}

/** Says the mount on the first component that is seen through it. */
function withMounts(links: readonly ChainLink[], steps: readonly { path: string; entry: Entry }[]): ChainLink[] {
  const mounts = new Map(steps.map(({ path, entry }) => [path, entry.mount]));
  let previous: Mount | undefined;
  return links.map((link) => {
    const mount = mounts.get(link.path);
    if (mount === undefined || mount.mountPoint === previous?.mountPoint) return link;
    previous = mount;
    const options = [
      mount.type,
      mount.readOnly ? "ro" : "rw",
      ...(mount.noexec ? ["noexec"] : []),
      ...(mount.idmapped ? ["idmapped"] : []),
    ];
    return { ...link, mount: options.join(",") };
  });
}
