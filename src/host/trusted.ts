// May a program be run with somebody's rights? Not if a third user could have put another one in its place.
import { formatPrincipal } from "../permission/darwin-acl.ts";
import type { Entry } from "../permission/entry.ts";
import { Resolver } from "../permission/resolve.ts";
import { fileCapabilities, type Subject } from "../permission/subject.ts";
import { Refused, Unknowable } from "../permission/world.ts";
import { show } from "./bytes.ts";
import type { UserDatabase } from "./users.ts";
import type { MachineWorld } from "./world.ts";

/** Passes every directory, so that the whole chain is seen. */
const allSeeing: Subject = { uid: 0, gid: 0, groups: [], capabilities: new Set(fileCapabilities), umask: 0 };
const noRestrictions = { protectedRegular: 0, protectedFifos: 0, protectedSymlinks: 0 };

/**
 * Who else could replace what a path leads to: by writing to it, or to a directory on the way to it.
 * @param trusted the UIDs who may
 * @returns the reason in words, or undefined if nobody else can
 */
export function replaceable(
  path: string,
  trusted: ReadonlySet<number>,
  world: MachineWorld,
  users: UserDatabase,
): string | undefined {
  try {
    return world.settle(() => {
      let reason: string | undefined;
      const resolver = new Resolver(world, allSeeing, noRestrictions);
      resolver.resolve("stat", path, true, (at, entry) => {
        const by = writableBy(entry, trusted, users);
        if (by !== undefined) reason ??= `${show(at)} ${by}`;
      });
      return reason;
    });
  } catch (error) {
    if (error instanceof Refused) return `${show(error.denial.path)}: ${error.denial.because}`;
    if (error instanceof Unknowable) return `${show(error.path)} could not be looked at: ${error.reason}`;
    throw error;
  }
}

function writableBy(entry: Entry, trusted: ReadonlySet<number>, users: UserDatabase): string | undefined {
  if (entry.mount?.options.includes("noowners") === true) return "is on a volume that ignores ownership";
  if (!trusted.has(entry.uid)) return `belongs to user ${entry.uid}`;
  // A link has no mode of its own, and what is in a sticky directory can only be replaced by its owner, who is checked in turn.
  if (entry.type === "symlink" || (entry.type === "directory" && (entry.mode & 0o1000) !== 0)) return undefined;
  const listed = entry.darwin === undefined ? undefined : writableByList(entry, trusted);
  if (listed !== undefined) return listed;
  if ((entry.mode & 0o002) !== 0) return "can be written by everybody";
  if ((entry.mode & 0o020) === 0) return undefined;
  const mask = entry.acl?.mask ?? 7;
  const may = (permissions: number): boolean => (permissions & mask & 2) !== 0;
  for (const [uid, permissions] of entry.acl?.users ?? []) {
    if (may(permissions) && !trusted.has(uid)) return `can be written by user ${uid}, says its ACL`;
  }
  const groups = [...(entry.acl?.groups ?? [])].filter(([, permissions]) => may(permissions)).map(([gid]) => gid);
  if (entry.acl === undefined || may(entry.acl.group)) groups.push(entry.gid);
  for (const gid of groups) {
    const strangers = users.membersOf(gid).filter((uid) => !trusted.has(uid));
    if (strangers.length > 0) return `can be written by group ${gid}, which user ${strangers[0]} is in`;
    // A number without a name can be anybody's, as with `docker run --user`.
    if (users.groupById(gid) === undefined) return `can be written by group ${gid}, which is unknown here`;
  }
  return undefined;
}

/** The rights by which something else can be put in the place of an entry, or of what is in it. */
const replacing = ["write", "append", "delete", "delete_child", "writesecurity", "chown"] as const;

/** Of a list of macOS: denies are not counted for anything. */
function writableByList({ darwin }: Entry, trusted: ReadonlySet<number>): string | undefined {
  for (const ace of darwin?.acl ?? []) {
    if ("unread" in ace) return `has an ACL that is not understood: ${ace.unread}`;
    if (ace.kind === "deny" || !replacing.some((right) => ace.rights.has(right))) continue;
    const { principal } = ace;
    if (principal.kind === "user" && principal.id !== undefined && trusted.has(principal.id)) continue;
    // A group may hold other groups there, which directory services do not list: it is never taken as that of trusted users.
    return `can be written by ${formatPrincipal(principal)}, says its ACL`;
  }
  return undefined;
}
