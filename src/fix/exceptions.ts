// What departs from the contract and is left alone all the same, because a change could serve somebody else than the cache's users.
import type { Contract } from "../contract/contract.ts";
import type { RefusalReason, Repair } from "./plan.ts";

export interface ExceptionOptions {
  /** UIDs whose entries may be given to somebody else; an entry of anybody else is refused. */
  readonly owners: ReadonlySet<number>;
  /** Whether files with several names are changed if all their names are in the cache. */
  readonly hardLinks: boolean;
  /** Whether others could have linked root's files into directories that they can write. */
  readonly linkable: boolean;
  /** The UID that stands for users that this user namespace does not have. */
  readonly unmapped?: number;
}

/** Setuid and setgid of a file. */
const setId = 0o6000;

/** It has to be told of every entry before it is asked about one. */
export class Exceptions {
  /** Extracted directories that are not finished. */
  private readonly unfinished = new Set<string>();
  /** How many names of each hard-linked inode were met. */
  private readonly linked = new Map<number, number>();

  constructor(
    private readonly contract: Contract,
    private readonly options: ExceptionOptions,
  ) {}

  meetLinked(ino: number): void {
    this.linked.set(ino, (this.linked.get(ino) ?? 0) + 1);
  }

  /** @param relative the directory `cache/download/<module>/@v` of the marker */
  meetPartial(relative: string, name: string): void {
    const module = relative.slice("cache/download/".length, -"/@v".length);
    this.unfinished.add(`${module}@${name.slice(0, -".partial".length)}`);
  }

  /** @param shared whether others than root can write in the directory of the entry */
  reasonFor(
    { relative, shared }: { readonly relative: string; readonly shared: boolean },
    name: string,
    seen: Repair["seen"],
  ): RefusalReason | undefined {
    const { owners, unmapped, hardLinks, linkable } = this.options;
    if (seen.uid === unmapped) return "unmapped-owner";
    const { members } = this.contract;
    const known = owners.has(seen.uid) || (this.contract.name === "group" && (members?.has(seen.uid) ?? true));
    if (!known) return "foreign-owner";
    if (!seen.isDirectory && (seen.mode & setId) !== 0) return "set-id";
    if (seen.links > 1 && !(hardLinks && this.linked.get(Number(seen.ino)) === seen.links)) return "hard-link";
    if (linkable && seen.uid === 0 && !seen.isDirectory && shared) return "linkable";
    if (this.unfinished.size === 0) return undefined;
    const tree = /^[^@]*[^/@]@[^/]*/.exec(relative === "" ? name : `${relative}/${name}`)?.[0];
    return tree !== undefined && this.unfinished.has(tree) ? "half-extracted" : undefined;
  }
}
