// Whether a subject gets as far as GOMODCACHE: it must be let through every directory above it.
import { lstatSync } from "node:fs";
import type { Facts, Outcome } from "../facts/facts.ts";
import { show, toBytes } from "../host/bytes.ts";
import type { DarwinAttributes } from "../host/macos/attributes.ts";
import { mayAccess } from "../permission/access.ts";
import type { Mount } from "../permission/mount.ts";
import type { Subject } from "../permission/subject.ts";
import { askAcls } from "../tree/acls.ts";
import { TreeEntry } from "../tree/entry.ts";

/** The directories above a path, from `/` down, as far as they could be looked at. */
export interface Above {
  readonly entries: readonly { readonly path: string; readonly entry: TreeEntry }[];
  /** The first that could not be looked at, and why. */
  readonly unseen?: { readonly at: string; readonly because: string };
}

/**
 * Looks at every directory above a path.
 * @param path absolute, without symbolic links
 * @param darwin what reads ACLs on macOS
 */
export async function lookAbove(path: string, facts: Facts, darwin?: DarwinAttributes): Promise<Above> {
  const above = parentsOf(path);
  const onDarwin = darwin?.read(above.map((directory) => ({ path: directory, isLink: false })));
  const acls = "value" in facts.acls && darwin === undefined ? (await askAcls(above)).acls : undefined;
  const mounts = "value" in facts.mounts ? facts.mounts.value : [];
  const entries: { path: string; entry: TreeEntry }[] = [];
  for (const directory of above) {
    let entry: TreeEntry;
    try {
      entry = new TreeEntry(mountOf(directory, mounts)).fill(lstatSync(toBytes(directory)));
    } catch (error) {
      const because = `it cannot be looked at (${(error as NodeJS.ErrnoException).code})`;
      return { entries, unseen: { at: show(directory), because } };
    }
    entry.takeAcls(acls?.get(directory));
    const known = onDarwin?.get(directory);
    if (known !== undefined) entry.darwin = known;
    entries.push({ path: directory, entry });
  }
  return { entries };
}

/** Whether a subject may enter all these directories. */
export function reachOf({ entries, unseen }: Above, subject: Subject): Outcome {
  for (const { path, entry } of entries) {
    const { verdict, because } = mayAccess(entry, subject, "execute");
    if (verdict !== "yes") return { verdict, at: show(path), because };
  }
  return unseen === undefined ? { verdict: "yes" } : { verdict: "unknown", ...unseen };
}

/** `/`, `/a`, `/a/b` for `/a/b/c`. */
function parentsOf(path: string): string[] {
  const names = path.split("/").slice(1, -1);
  return ["/", ...names.map((_, at) => `/${names.slice(0, at + 1).join("/")}`)];
}

/** The mount with the longest mount point that is a prefix; of several on one directory the last. */
function mountOf(directory: string, mounts: readonly Mount[]): Mount | undefined {
  let found: Mount | undefined;
  for (const mount of mounts) {
    const { mountPoint } = mount;
    const holds = mountPoint === "/" || directory === mountPoint || directory.startsWith(`${mountPoint}/`);
    if (holds && mountPoint.length >= (found?.mountPoint.length ?? 0)) found = mount;
  }
  return found;
}
