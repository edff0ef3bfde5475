// A file system that go writes to has hardly any bytes or inodes left.
import type { Facts, Space } from "../facts/facts.ts";
import type { FindingDraft } from "../finding/finding.ts";
import { grouped } from "../finding/number.ts";
import type { Entry } from "../permission/entry.ts";
import type { Mount } from "../permission/mount.ts";
import type { FactRule } from "./rule.ts";
import { existing, placeNamed } from "./shared/directory.ts";
import { pathOf, shellQuote } from "./shared/say.ts";
import { titleFor } from "./shared/setting.ts";

/** Below both the share and the number, a file system counts as nearly full. */
const lowShare = 0.05;
const lowBytes = 1024 ** 3;
const lowInodes = 10_000;

interface Used {
  readonly what: string;
  readonly path: string;
  readonly entry: Entry | undefined;
}

export const fileSystemNearlyFull: FactRule = {
  id: "file-system-nearly-full",
  severity: "warning",
  title: "a file system that go writes to is nearly full",
  looksAt: "facts",
  check: (facts) =>
    [...fileSystems(facts).values()].flatMap(({ mount, space, uses }) => {
      const findings: FindingDraft[] = [];
      const free = shortOf(space.freeBytes, space.totalBytes, lowBytes);
      const inodes = shortOf(space.freeInodes, space.totalInodes, lowInodes);
      if (free) findings.push(draft(facts, mount, uses, "bytes", space.freeBytes));
      if (inodes) findings.push(draft(facts, mount, uses, "inodes", space.freeInodes));
      return findings;
    }),
};

/** One file system may hold several directories: it is one cause. */
function fileSystems(facts: Facts): Map<string, { mount: Mount; space: Space; uses: Used[] }> {
  const found = new Map<string, { mount: Mount; space: Space; uses: Used[] }>();
  const add = (use: Used, mount: Mount | undefined, space: Space | undefined): void => {
    if (mount === undefined || space === undefined || mount.readOnly) return;
    const known = found.get(mount.mountPoint);
    if (known === undefined) found.set(mount.mountPoint, { mount, space, uses: [use] });
    else known.uses.push(use);
  };
  const { cache } = facts;
  add({ what: "GOMODCACHE", path: cache.path, entry: cache.entry }, cache.mount, cache.space);
  for (const name of ["GOCACHE", "GOTMPDIR", "TMPDIR"] as const) {
    const place = placeNamed(facts, name);
    if (place !== undefined) add({ what: name, path: place.path, entry: existing(place) }, place.mount, place.space);
  }
  return found;
}

function shortOf(free: number, total: number, low: number): boolean {
  return total > 0 && free < low && free < total * lowShare;
}

function draft(facts: Facts, mount: Mount, uses: Used[], kind: "bytes" | "inodes", free: number): FindingDraft {
  const names = uses.map(({ what }) => what).join(", ");
  const left = kind === "bytes" ? `${grouped(Math.floor(free / 1024 ** 2))} MiB` : `${grouped(free)} inodes`;
  // File systems keep a reserve for root, which statfs does not count as available.
  const reserve = facts.subject.subject.uid === 0;
  return {
    message: `${mount.mountPoint} (${mount.type}), which holds ${names}, has ${free === 0 ? `no ${kind === "bytes" ? "space" : "inodes"}` : `only ${left}`} left: downloads and builds fail for everybody who writes there`,
    paths: uses.map(({ path, entry }) => pathOf(path, entry, facts)),
    count: uses.length,
    why:
      kind === "bytes"
        ? "A module needs several times the size of its zip. A full build cache shows as `package … is not in std`, with no word about space"
        : "Module caches are very many small files. Without inodes go says `no space left on device` although df -h shows room",
    severity: free === 0 && !reserve ? "error" : "warning",
    fixes: [
      {
        title: "See what is used",
        disposition: "safe",
        command: `df ${kind === "bytes" ? "-h" : "-i"} ${uses.map(({ path }) => shellQuote(path)).join(" ")}`,
      },
      ...(uses.some(({ what }) => what === "GOCACHE")
        ? [
            {
              title: titleFor(facts, "Empty the build cache, while no go command runs; go builds it anew"),
              disposition: "unsafe" as const,
              command: "go clean -cache",
            },
          ]
        : []),
    ],
  };
}
