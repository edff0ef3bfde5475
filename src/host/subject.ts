// Who runs this program, and for whom it is asked: credentials(7), proc_pid_status(5), user_namespaces(7).
import { readFileSync } from "node:fs";
import { UserError } from "../error.ts";
import type { SubjectFacts } from "../facts/facts.ts";
import {
  type Capability,
  fileCapabilities,
  type IdRange,
  isFullMap,
  parseCapabilityMask,
  type Subject,
  type Who,
} from "../permission/subject.ts";
import { type Platform, thisPlatform } from "./macos/tools.ts";
import type { UserDatabase } from "./users.ts";

/** This process, and what bounds its children. */
export interface Self {
  readonly subject: Subject;
  /** The capabilities that a program run from here could have at most (capabilities(7), "bounding set"). */
  readonly bounding: ReadonlySet<Capability>;
}

const usualUmask = 0o022;

/** Reads the credentials of this process; `text` reads a file of /proc, or gives undefined. */
export function readSelf(
  text: (path: string) => string | undefined = readText,
  platform: Platform = thisPlatform,
): Self {
  if (platform.name === "darwin") return selfOnDarwin(platform);
  const status = text("/proc/self/status");
  if (status === undefined) return selfWithoutProc();
  const field = (name: string): string | undefined =>
    new RegExp(`^${name}:[ \\t]*(.*)$`, "m").exec(status)?.[1]?.trim();
  // Real, effective, saved, and that of the file system, which is the one that counts here.
  const uid = Number(field("Uid")?.split(/\s+/)[3]);
  const gid = Number(field("Gid")?.split(/\s+/)[3]);
  if (!Number.isInteger(uid) || !Number.isInteger(gid)) return selfWithoutProc();
  const groups = (field("Groups") ?? "").split(/\s+/).filter(Boolean).map(Number);
  const mask = (name: string): Set<Capability> =>
    parseCapabilityMask(/^[0-9a-f]+$/i.exec(field(name) ?? "")?.[0] ?? "0");
  const umask = /^[0-7]+$/.exec(field("Umask") ?? "")?.[0];
  const uidMap = parseIdMap(text("/proc/self/uid_map"));
  const gidMap = parseIdMap(text("/proc/self/gid_map"));
  return {
    subject: {
      uid,
      gid,
      groups,
      capabilities: mask("CapEff"),
      umask: umask === undefined ? usualUmask : Number.parseInt(umask, 8),
      ...(isFullMap(uidMap) ? {} : { uidMap: uidMap as IdRange[] }),
      ...(isFullMap(gidMap) ? {} : { gidMap: gidMap as IdRange[] }),
    },
    bounding: field("CapBnd") === undefined ? new Set(fileCapabilities) : mask("CapBnd"),
  };
}

/** Without /proc (macOS) root may do everything. The umask cannot be read without changing it, so it is taken as usual. */
function selfWithoutProc(): Self {
  const uid = process.geteuid?.() ?? 0;
  const all = new Set(fileCapabilities);
  return {
    subject: {
      uid,
      gid: process.getegid?.() ?? 0,
      groups: process.getgroups?.() ?? [],
      capabilities: uid === 0 ? all : new Set<Capability>(),
      umask: usualUmask,
    },
    bounding: all,
  };
}

/** The kernel of macOS asks directory services who is in a group; getgroups(2) tells sixteen of them (getgroups(2), "BUGS"). */
function selfOnDarwin({ tools }: Platform): Self {
  const self = selfWithoutProc();
  const name = tools.run("id", ["-un"]).stdout.toString().trim();
  const ids = name === "" ? [] : tools.run("id", ["-G", name]).stdout.toString().trim().split(/\s+/).map(Number);
  const groups = ids.length > 0 && ids.every(Number.isSafeInteger) ? ids : self.subject.groups;
  return { ...self, subject: { ...self.subject, groups } };
}

/** Reads /proc/PID/uid_map or gid_map; undefined if there is none. */
export function parseIdMap(text: string | undefined): IdRange[] | undefined {
  if (text === undefined) return undefined;
  return text.split("\n").flatMap((line) => {
    const match = /^\s*(\d+)\s+(\d+)\s+(\d+)\s*$/.exec(line);
    if (match === null) return [];
    return [{ inside: Number(match[1]), outside: Number(match[2]), count: Number(match[3]) }];
  });
}

/**
 * The subject that WHO names, with what it did not say taken from the user database.
 * @throws {UserError} if no user has the name
 */
export function resolveSubject(who: Who | undefined, self: Self, users: UserDatabase): SubjectFacts {
  const user = who?.name === undefined ? undefined : users.userByName(who.name);
  if (who?.name !== undefined && user === undefined) throw unknownUser(who.name, users);
  const uid = user?.uid ?? who?.uid ?? self.subject.uid;
  const known = user ?? users.userById(uid);
  const isSelf = uid === self.subject.uid;
  const base = isSelf ? self.subject : loginOf(uid, known, self, users);
  const subject: Subject = {
    ...base,
    ...(who?.gid === undefined ? {} : { gid: who.gid, groups: who.groups ?? [] }),
    ...(who?.umask === undefined ? {} : { umask: who.umask }),
    ...(who?.capabilities === undefined ? {} : { capabilities: who.capabilities }),
  };
  return {
    subject,
    ...(known === undefined ? {} : { name: known.name, home: known.home }),
    self: isSelf,
  };
}

/** Another user, as a login or a container of that user would have it: in our user namespace and with the usual umask. */
function loginOf(uid: number, user: ReturnType<UserDatabase["userById"]>, self: Self, users: UserDatabase): Subject {
  const { uidMap, gidMap } = self.subject;
  return {
    uid,
    gid: user?.gid ?? uid,
    groups: user === undefined ? [] : users.groupsOf(user),
    capabilities: uid === 0 ? self.bounding : new Set(),
    umask: usualUmask,
    ...(uidMap === undefined ? {} : { uidMap }),
    ...(gidMap === undefined ? {} : { gidMap }),
  };
}

function unknownUser(name: string, users: UserDatabase): UserError {
  const similar = users.similarNames(name);
  const guess = similar.length === 0 ? "" : `did you mean ${similar.join(" or ")}? `;
  return new UserError(`no user is called "${name}" on this machine`, `${guess}A number works too: UID or UID:GID`);
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}
