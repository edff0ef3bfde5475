// Names and numbers of users and groups: /etc/passwd and /etc/group (passwd(5), group(5)), then getent(1) for those that a
// directory service knows. A UID without a name is normal, in containers above all.
import { readFileSync } from "node:fs";
import { type Platform, thisPlatform } from "./macos/tools.ts";
import { directorySources } from "./macos/users.ts";
import { run } from "./run.ts";
import { systemPath } from "./system-path.ts";
import type { UserSources } from "./user-sources.ts";

export interface User {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  readonly home: string;
  /** The login shell; empty if the entry names none, which means /bin/sh (passwd(5)). */
  readonly shell: string;
}

export interface Group {
  readonly name: string;
  readonly gid: number;
  readonly members: readonly string[];
}

export class UserDatabase {
  private readonly users: User[];
  private readonly groups: Group[];
  private readonly services: boolean;
  private readonly asked = new Map<string, string | undefined>();

  constructor(private readonly sources: UserSources = userSources()) {
    this.users = parsePasswd(sources.file("/etc/passwd") ?? "");
    this.groups = parseGroup(sources.file("/etc/group") ?? "");
    this.services = hasServices(sources.file("/etc/nsswitch.conf") ?? "");
  }

  userByName(name: string): User | undefined {
    return this.users.find((user) => user.name === name) ?? parsePasswd(this.getent("passwd", name) ?? "")[0];
  }

  userById(uid: number): User | undefined {
    return this.users.find((user) => user.uid === uid) ?? parsePasswd(this.getent("passwd", String(uid)) ?? "")[0];
  }

  groupById(gid: number): Group | undefined {
    return this.groups.find((group) => group.gid === gid) ?? parseGroup(this.getent("group", String(gid)) ?? "")[0];
  }

  groupByName(name: string): Group | undefined {
    return this.groups.find((group) => group.name === name) ?? parseGroup(this.getent("group", name) ?? "")[0];
  }

  /** All groups that a login gives the user, as initgroups(3) sets them; the primary one is the first. */
  groupsOf(user: User): number[] {
    if (this.services) {
      const result = this.sources.program("id", ["-G", "--", user.name]);
      const ids = result.stdout.toString().trim().split(/\s+/).filter(Boolean).map(Number);
      if (result.status === 0 && ids.length > 0 && ids.every(Number.isSafeInteger))
        return [...new Set([user.gid, ...ids])];
    }
    const named = this.groups.filter((group) => group.members.includes(user.name)).map((group) => group.gid);
    return [...new Set([user.gid, ...named])];
  }

  /** The UIDs of those who are in a group, as far as the files tell. */
  membersOf(gid: number): number[] {
    const group = this.groupById(gid);
    const named = (group?.members ?? []).map((name) => this.userByName(name)?.uid).filter((uid) => uid !== undefined);
    const primary = this.users.filter((user) => user.gid === gid).map((user) => user.uid);
    return [...new Set([...named, ...primary])];
  }

  /** The names of all users of the file, and of these. */
  userNames(also: readonly number[]): Map<number, string> {
    return namesOf(
      this.users,
      (user) => user.uid,
      also.map((uid) => this.userById(uid)),
    );
  }

  groupNames(also: readonly number[]): Map<number, string> {
    return namesOf(
      this.groups,
      (group) => group.gid,
      also.map((gid) => this.groupById(gid)),
    );
  }

  /** The home directories of the users of the file. */
  homes(): string[] {
    return this.users.map((user) => user.home).filter((home) => home.startsWith("/") && home !== "/");
  }

  /** Names that differ little from one that nobody has. */
  similarNames(name: string): string[] {
    return this.users
      .map((user) => ({ name: user.name, distance: editDistance(user.name, name) }))
      .filter(({ distance }) => distance <= Math.ceil(name.length / 3))
      .sort((a, b) => a.distance - b.distance || (a.name < b.name ? -1 : 1))
      .slice(0, 3)
      .map((user) => user.name);
  }

  private getent(database: "passwd" | "group", key: string): string | undefined {
    if (!this.services || key.startsWith("-")) return undefined;
    const question = `${database} ${key}`;
    if (!this.asked.has(question)) {
      const result = this.sources.program("getent", [database, key]);
      this.asked.set(question, result.status === 0 ? result.stdout.toString() : undefined);
    }
    return this.asked.get(question);
  }
}

/** Of two entries with one number, the first has the name, as with getpwuid(3). */
function namesOf<T extends { readonly name: string }>(
  all: readonly T[],
  id: (item: T) => number,
  also: readonly (T | undefined)[],
): Map<number, string> {
  const names = new Map<number, string>();
  for (const item of [...all, ...also]) if (item !== undefined && !names.has(id(item))) names.set(id(item), item.name);
  return names;
}

export function parsePasswd(text: string): User[] {
  return text.split("\n").flatMap((line) => {
    const [name, , uid, gid, , home, shell = ""] = line.split(":");
    if (!name || !isId(uid) || !isId(gid) || home === undefined) return [];
    return [{ name, uid: Number(uid), gid: Number(gid), home, shell: shell.trim() }];
  });
}

export function parseGroup(text: string): Group[] {
  return text.split("\n").flatMap((line) => {
    const [name, , gid, members = ""] = line.split(":");
    if (!name || !isId(gid)) return [];
    return [{ name, gid: Number(gid), members: members.split(",").filter((member) => member !== "") }];
  });
}

function isId(text: string | undefined): text is string {
  return text !== undefined && /^\d{1,10}$/.test(text) && Number(text) < 4294967295;
}

/** True if nsswitch.conf(5) names a source besides the files. Without that file there is none (musl, scratch images). */
function hasServices(nsswitch: string): boolean {
  const sources = [...nsswitch.matchAll(/^\s*(?:passwd|group|initgroups):(.*)$/gm)].flatMap((match) =>
    (match[1] as string).replace(/\[[^\]]*\]|#.*/g, " ").split(/\s+/),
  );
  return sources.some((source) => source !== "" && source !== "files" && source !== "compat");
}

/** Levenshtein's distance: letters to insert, delete or replace. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const replaced = (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] as number) + 1, (next[j - 1] as number) + 1));
    }
    row = next;
  }
  return row[b.length] as number;
}

/** Where the users of a machine are. */
export function userSources(platform: Platform = thisPlatform): UserSources {
  return platform.name === "darwin" ? directorySources(platform.tools) : machineSources;
}

const machineSources: UserSources = {
  file: (path) => {
    try {
      return readFileSync(path, "utf8");
    } catch {
      return undefined;
    }
  },
  program: (name, args) => run(name, args, { env: { PATH: systemPath, LC_ALL: "C" }, timeout: 3_000 }),
};
