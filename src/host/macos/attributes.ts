// The ACLs and flags of entries on macOS, by one ls(1) for many. Node has no call for either.
import { readlinkSync } from "node:fs";
import type { DarwinAcl, DarwinEntry, DarwinPrincipal } from "../../permission/darwin-acl.ts";
import { type DarwinListed, parseListing } from "../../permission/darwin-listing.ts";
import { fromBytes, toBytes } from "../bytes.ts";
import { complaint } from "../run.ts";
import { UserDatabase, userSources } from "../users.ts";
import type { Platform } from "./tools.ts";

/** What is asked about: links are asked for one by one, since what a link names is printed behind it. */
export interface DarwinAsked {
  readonly path: string;
  readonly isLink: boolean;
}

/** Of an entry that ls was asked about and did not show, nothing is known. */
const unshown: DarwinEntry = { acl: [{ unread: "ls did not show it" }], flags: [] };

/** What a link names is its maker's text: with lines of its own it could look like an ACL. */
function hasPlainTarget(path: string): boolean {
  try {
    return !readlinkSync(toBytes(path)).includes("\n");
  } catch {
    return false;
  }
}

/** Bytes of arguments for one ls; the kernel takes a MiB with the environment (ARG_MAX of sysctl(3)). */
const mostArguments = 250_000;

export class DarwinAttributes {
  private protection: DarwinEntry["protection"] | "not asked" = "not asked";
  private readonly ids = new Map<string, number | undefined>();
  /** Why ls could not be asked, if so. */
  unseen: string | undefined;

  private users: UserDatabase | undefined;

  constructor(private readonly platform: Platform) {}

  /** The ACL and the flags of each of these entries. */
  read(asked: readonly DarwinAsked[]): Map<string, DarwinEntry> {
    const found = new Map<string, DarwinEntry>(asked.map(({ path }) => [path, unshown]));
    for (const { path, isLink } of asked) if (isLink && hasPlainTarget(path)) this.readSome([path], found);
    let some: string[] = [];
    let bytes = 0;
    for (const { path, isLink } of asked) {
      if (isLink) continue;
      if (bytes > mostArguments) {
        this.readSome(some, found);
        [some, bytes] = [[], 0];
      }
      some.push(path);
      bytes += Buffer.byteLength(path) + 9;
    }
    if (some.length > 0) this.readSome(some, found);
    return found;
  }

  private readSome(paths: readonly string[], found: Map<string, DarwinEntry>): void {
    // The file systems of macOS take UTF-8 only, so that such a path is not there.
    const names = paths.map(toBytes).filter((name) => typeof name === "string");
    const wanted = new Set(names);
    // -B prints every byte that is not ASCII or not printable as \ooo: no name can end a line.
    const result = this.platform.tools.run("ls", ["-ldeOB", "--", ...names]);
    // Status 1: some are gone.
    if (result.error !== undefined || (result.status ?? 2) > 1) {
      this.unseen ??= `ls: ${complaint(result)}`;
      return;
    }
    const listed = parseListing(result.stdout.toString("latin1"), {
      flags: true,
      isAsked: (name) => wanted.has(fromBytes(Buffer.from(name, "latin1"))),
    });
    for (const entry of listed) {
      const path = fromBytes(Buffer.from(entry.name, "latin1"));
      // An entry that became a link meanwhile could have lines of its maker's in what is printed after it.
      if (!wanted.has(path) || (entry.mode.startsWith("l") && names.length > 1)) {
        for (const name of names) found.set(name, unshown);
        return;
      }
      found.set(path, this.entryOf(entry));
    }
  }

  private entryOf({ acl, flags }: DarwinListed): DarwinEntry {
    const protection = flags.includes("restricted") ? this.askProtection() : undefined;
    return { acl: this.withIds(acl), flags, ...(protection === undefined ? {} : { protection }) };
  }

  private withIds(acl: DarwinAcl): DarwinAcl {
    return acl.map((ace) => {
      if ("unread" in ace) return ace;
      const { principal } = ace;
      if (principal.kind === "everyone" || principal.kind === "uuid" || principal.id !== undefined) return ace;
      const id = this.idOf(principal);
      return id === undefined ? ace : { ...ace, principal: { ...principal, id } };
    });
  }

  private idOf({ kind, name }: Extract<DarwinPrincipal, { kind: "user" | "group" }>): number | undefined {
    const key = `${kind}:${name}`;
    if (!this.ids.has(key)) {
      this.users ??= new UserDatabase(userSources(this.platform));
      const { users } = this;
      this.ids.set(key, kind === "user" ? users.userByName(name)?.uid : users.groupByName(name)?.gid);
    }
    return this.ids.get(key);
  }

  /** Whether System Integrity Protection is on: csrutil(8). */
  private askProtection(): DarwinEntry["protection"] {
    if (this.protection !== "not asked") return this.protection;
    const result = this.platform.tools.run("csrutil", ["status"]);
    const said = /^System Integrity Protection status: (enabled|disabled)\.?\s*$/m.exec(result.stdout.toString())?.[1];
    this.protection = said === "enabled" ? "enforced" : said === "disabled" ? undefined : "unknown";
    return this.protection;
  }
}
