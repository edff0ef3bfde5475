// Where root would change what others can reach, on a system where nothing was proven to hold it fast.
import { expect, test } from "vitest";
import { exposedDirectory } from "../../src/fix/unproven.ts";

type Modes = Readonly<Record<string, readonly [uid: number, mode: number]>>;

const above: Modes = { "/": [0, 0o755], "/Users": [0, 0o755], "/Users/Shared": [0, 0o1777] };

function exposed(more: Modes, names: readonly (readonly string[])[] = [], root = "/Users/Shared/mod") {
  const all: Modes = { ...above, ...more };
  const directories = names.map((one) => ({ names: one, changes: [] }));
  return exposedDirectory(root, { directories, contents: [] }, (path) => {
    const [uid, mode] = all[path] ?? [];
    return uid === undefined || mode === undefined ? undefined : { uid, mode };
  });
}

test.each<[string, Modes, readonly (readonly string[])[], ReturnType<typeof exposed>]>([
  ["root's alone", { "/Users/Shared/mod": [0, 0o755] }, [], undefined],
  ["a user's cache", { "/Users/Shared/mod": [501, 0o755] }, [], { path: "/Users/Shared/mod", uid: 501 }],
  ["a group's cache", { "/Users/Shared/mod": [0, 0o2775] }, [], { path: "/Users/Shared/mod", uid: 0 }],
  ["a sticky cache", { "/Users/Shared/mod": [0, 0o1777] }, [], { path: "/Users/Shared/mod", uid: 0 }],
  [
    "a user's directory in root's cache, where something is to be changed",
    {
      "/Users/Shared/mod": [0, 0o755],
      "/Users/Shared/mod/cache": [0, 0o755],
      "/Users/Shared/mod/cache/lock": [502, 0o700],
    },
    [["cache"], ["cache", "lock"]],
    { path: "/Users/Shared/mod/cache/lock", uid: 502 },
  ],
  [
    "a user's directory in root's cache, where nothing is",
    { "/Users/Shared/mod": [0, 0o755], "/Users/Shared/mod/cache": [0, 0o755], "/Users/Shared/mod/other": [502, 0o700] },
    [["cache"]],
    undefined,
  ],
])("%s", (_, more, names, expected) => {
  expect(exposed(more, names)).toEqual(expected);
});

test("a user's directory above the cache", () => {
  const more: Modes = { "/Users/alice": [501, 0o755], "/Users/alice/mod": [0, 0o755] };
  expect(exposed(more, [], "/Users/alice/mod")).toEqual({ path: "/Users/alice", uid: 501 });
});
