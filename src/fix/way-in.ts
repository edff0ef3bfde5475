// Whether the cache's owner gets to the cache at all. The directories above it are not a repair's to change, but a cache behind
// a closed one is of no use: an image build with umask 077 leaves /go and /go/pkg as closed as what is in them.
import { posix } from "node:path";
import { openWorld } from "../host/facts.ts";
import { mayAccess } from "../permission/access.ts";
import { type Entry, formatMode } from "../permission/entry.ts";
import { grants } from "../permission/grant.ts";
import type { Subject } from "../permission/subject.ts";
import { Unseen } from "../permission/world.ts";
import { shellQuote } from "../rules/shared/say.ts";
import type { ClosedDirectory } from "./plan.ts";

/**
 * The directories above the cache that the subject may not enter, from `/` down. What cannot be told is not among them.
 * @param root GOMODCACHE without links, absolute
 */
export function closedAbove(root: string, subject: Subject, world = openWorld()): ClosedDirectory[] {
  return world.settle(() => {
    const closed: ClosedDirectory[] = [];
    for (const path of ancestors(root)) {
      const entry = world.look(path);
      if (entry === "absent" || entry instanceof Unseen) continue;
      const decision = mayAccess(entry, subject, "execute");
      if (decision.verdict !== "no") continue;
      const fixes = grants({ path, entry, need: "execute", decision }, subject, shellQuote);
      closed.push({ path, ...described(entry), because: decision.because, commands: fixes.map((fix) => fix.command) });
    }
    return closed;
  });
}

function described(entry: Entry): Pick<ClosedDirectory, "uid" | "gid" | "mode"> {
  return { uid: entry.uid, gid: entry.gid, mode: formatMode(entry) };
}

function ancestors(path: string): string[] {
  const paths: string[] = [];
  for (let at = posix.dirname(path); ; at = posix.dirname(at)) {
    paths.unshift(at);
    if (at === "/") return paths;
  }
}
