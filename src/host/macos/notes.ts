// What is known so far of the ACLs and flags of entries on macOS, and what a play asked for meanwhile.
import type { DarwinEntry } from "../../permission/darwin-acl.ts";
import { type DarwinAsked, DarwinAttributes } from "./attributes.ts";
import type { Platform } from "./tools.ts";

/** Nothing asked for it yet: as if it had neither an ACL nor flags. */
const presumed: DarwinEntry = { acl: [], flags: [] };

export class DarwinNotes {
  private readonly known = new Map<string, DarwinEntry>();
  private readonly wanted = new Map<string, DarwinAsked>();
  private readonly attributes: DarwinAttributes;

  constructor(platform: Platform) {
    this.attributes = new DarwinAttributes(platform);
  }

  /** Why they could not be read, if so. */
  get unseen(): string | undefined {
    return this.attributes.unseen;
  }

  /** An entry whose ACL and flags are looked up here when somebody asks for them. */
  of(path: string, isLink: boolean): DarwinEntry {
    const known = this.known.get(path);
    if (known !== undefined) return known;
    const ask = (): DarwinEntry => {
      const found = this.known.get(path);
      if (found === undefined) this.wanted.set(path, { path, isLink });
      return found ?? presumed;
    };
    return {
      get acl() {
        return ask().acl;
      },
      get flags() {
        return ask().flags;
      },
      get protection() {
        return ask().protection;
      },
    } as DarwinEntry;
  }

  /** Nothing is read any more: what is still asked for stays presumed, and that is told. */
  giveUp(): void {
    if (this.wanted.size > 0) this.attributes.unseen ??= "access control lists led to ever new ones";
  }

  /** Reads what was asked for. @returns true if something of it is not as presumed */
  fetch(): boolean {
    const asked = [...this.wanted.values()];
    this.wanted.clear();
    if (asked.length === 0) return false;
    let news = false;
    for (const [path, entry] of this.attributes.read(asked)) {
      this.known.set(path, entry);
      news ||= entry.acl.length > 0 || entry.flags.length > 0;
    }
    return news;
  }
}
