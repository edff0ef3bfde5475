import { describe, expect, it } from "vitest";
import { drawChain } from "../../src/permission/chain.ts";
import type { Entry } from "../../src/permission/entry.ts";
import { grants } from "../../src/permission/grant.ts";
import { type KernelSettings, Unseen, type World } from "../../src/permission/world.ts";
import { acl, directory, file, subject } from "./subjects.ts";

const settings: KernelSettings = { protectedRegular: 2, protectedFifos: 1, protectedSymlinks: 1 };
const app = subject(1000, 1000, [3000]);

function worldOf(entries: Readonly<Record<string, Entry>>, targets: Readonly<Record<string, string>> = {}): World {
  return {
    look: (path) => entries[path] ?? (path.includes("hidden") ? new Unseen("permission denied to us") : "absent"),
    names: () => [],
    target: (path) => targets[path] ?? new Unseen("no link"),
  };
}

const world = worldOf(
  {
    "/": directory(0, 0, 0o755),
    "/open": directory(0, 0, 0o755),
    "/open/file": file(0, 0, 0o644),
    "/open/mine": file(1000, 1000, 0o600),
    "/shut": directory(0, 0, 0o750),
    "/shut/file": file(0, 0, 0o644),
    "/link": { ...file(0, 0, 0o777), type: "symlink" },
    "/sticky": directory(0, 0, 0o1777),
    "/sticky/theirs": file(2000, 2000, 0o666),
    "/sticky/link": { ...file(2000, 2000, 0o777), type: "symlink" },
    "/shared": directory(0, 3000, 0o2775),
    "/shared/theirs": file(2000, 3000, 0o644),
    "/shared/fixed": file(1000, 3000, 0o664, { immutable: true }),
    "/loop": { ...file(0, 0, 0o777), type: "symlink" },
    "/masked": file(0, 0, 0o640, { acl: acl({ owner: 6, users: new Map([[1000, 6]]), group: 4, mask: 4, other: 0 }) }),
  },
  { "/link": "shut/../open/file", "/sticky/link": "/open/file", "/loop": "loop" },
);

describe("the chain of a path", () => {
  it.each([
    ["/open/file", "read", "yes", undefined, undefined],
    ["/open/file", "write", "no", "/open/file", "other"],
    ["/shut/file", "read", "no", "/shut", "other"],
    ["/open/none", "read", "no", "/open/none", undefined],
    ["/open/file/x", "read", "no", "/open/file", "type"],
    ["/open/new", "create", "no", "/open", "other"],
    ["/shared/new", "create", "yes", undefined, undefined],
    ["/shared/theirs", "create", "no", "/shared/theirs", "type"],
    ["/shared/theirs", "delete", "yes", undefined, undefined],
    ["/shared/fixed", "delete", "no", "/shared/fixed", "immutable"],
    ["/sticky/theirs", "delete", "no", "/sticky/theirs", "sticky"],
    ["/sticky/theirs", "write", "yes", undefined, undefined],
    ["/sticky/theirs", "lock", "no", "/sticky/theirs", "protected-regular"],
    ["/shared/new", "lock", "yes", undefined, undefined],
    ["/shared/theirs", "lock", "no", "/shared/theirs", "group"],
    ["/open/mine", "chmod", "yes", undefined, undefined],
    ["/open/file", "chmod", "no", "/open/file", "ownership"],
    ["/open/mine", "chown", "no", "/open/mine", "ownership"],
    ["/sticky/link", "read", "no", "/sticky/link", "protected-symlinks"],
    ["/masked", "write", "no", "/masked", "acl-mask"],
    ["/loop", "read", "no", "/loop", "link-count"],
    ["/hidden/x", "read", "unknown", "/hidden", undefined],
    // The target goes down and up again, which only the kernel could follow exactly.
    ["/link", "read", "unknown", "/link", undefined],
  ] as const)("%s: %s is %s", (path, ask, verdict, at, by) => {
    const chain = drawChain(world, app, settings, path, ask);
    expect([chain.verdict, chain.decisive?.path, chain.decisive?.decision?.by]).toEqual([verdict, at, by]);
  });

  it("names every component, in order", () => {
    expect(
      drawChain(world, app, settings, "/open/file", "read").links.map(({ path, need }) => `${path} ${need}`),
    ).toEqual(["/ execute", "/open execute", "/open/file read"]);
  });
});

describe("what would grant it", () => {
  const offered = (path: string, ask: "read" | "write" | "delete") => {
    const { decisive } = drawChain(world, app, settings, path, ask);
    if (decisive?.entry === undefined) return [];
    return grants({ ...decisive, entry: decisive.entry }, app, (word) => word).map(
      ({ disposition, command }) => `${disposition}: ${command}`,
    );
  };

  it("is the smallest grant first, and writing is never called safe", () => {
    expect(offered("/shut/file", "read")).toEqual(["safe: setfacl -m u:1000:--x /shut", "unsafe: chmod o+x /shut"]);
    expect(offered("/open/file", "write")).toEqual([
      "unsafe: setfacl -m u:1000:rw- /open/file",
      "unsafe: chgrp 1000 /open/file && chmod g+w /open/file",
    ]);
    expect(offered("/masked", "write")).toEqual(["unsafe: setfacl -n -m m::rw- /masked"]);
    expect(offered("/shared/fixed", "delete")).toEqual(["unsafe: chattr -i /shared/fixed"]);
  });
});
