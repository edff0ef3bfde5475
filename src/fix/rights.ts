// Which repairs the user who runs this may make at all: what is left is named, for somebody who may.

import type { Entry } from "../permission/entry.ts";
import { mayChangeMode, mayChangeOwner } from "../permission/ownership.ts";
import { inGroup, type Subject } from "../permission/subject.ts";
import type { DirectoryRepairs, Plan, Repair } from "./plan.ts";

/** Parts the repairs into those that the subject may make and those beyond its rights. */
export function withinRights(
  repairs: Pick<Plan, "rootRepair" | "directories">,
  subject: Subject,
): Pick<Plan, "rootRepair" | "directories" | "beyond"> {
  const directories: DirectoryRepairs[] = [];
  const beyond: DirectoryRepairs[] = [];
  const { rootRepair } = repairs;
  const mayRoot = rootRepair === undefined || mayMake(rootRepair, subject);
  if (!mayRoot) beyond.push({ names: [], changes: [rootRepair] });
  for (const { names, changes } of repairs.directories) {
    if (changes.every((change) => mayMake(change, subject))) {
      directories.push({ names, changes });
      continue;
    }
    const may = changes.filter((change) => mayMake(change, subject));
    const mayNot = changes.filter((change) => !mayMake(change, subject));
    if (may.length > 0) directories.push({ names, changes: may });
    if (mayNot.length > 0) beyond.push({ names, changes: mayNot });
  }
  return { ...(mayRoot && rootRepair !== undefined ? { rootRepair } : {}), directories, beyond };
}

function mayMake({ seen, wanted }: Repair, subject: Subject): boolean {
  const entry: Entry = {
    type: seen.isDirectory ? "directory" : "file",
    ...{ uid: seen.uid, gid: seen.gid, mode: seen.mode, links: seen.links, size: 0, modified: 0 },
  };
  const changesOwner = wanted.uid !== seen.uid || wanted.gid !== seen.gid;
  if (changesOwner && mayChangeOwner(entry, subject, { uid: wanted.uid, gid: wanted.gid }).verdict !== "yes")
    return false;
  // chmod(2) drops setgid in silence for who is not in the group.
  const setsGid = (wanted.mode & 0o2000) !== 0;
  if (setsGid && !inGroup(subject, wanted.gid) && !subject.capabilities.has("fsetid")) return false;
  const { acl, defaultAcl, darwin } = wanted;
  const changesMode = wanted.mode !== seen.mode || (acl ?? defaultAcl ?? darwin) !== undefined;
  return !changesMode || mayChangeMode(entry, subject).verdict === "yes";
}
