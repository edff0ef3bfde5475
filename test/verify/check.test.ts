// One module version, damaged in every way: what is said of it, and that nothing outside of it is read.
import { execFileSync } from "node:child_process";
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { describe, expect, test } from "vitest";
import type { ModuleContent } from "../../src/facts/content.ts";
import { PinnedDirectory } from "../../src/tree/pinned-directory.ts";
import { type ContentQuestion, checkModule } from "../../src/verify/check.ts";
import { scratch } from "../tree/scratch.ts";
import { addModule, type MadeModule, zipOf } from "./module-cache.ts";

const isRoot = process.getuid?.() === 0;

async function check(cache: string, question: Partial<ContentQuestion> = {}): Promise<ModuleContent> {
  const directory = PinnedDirectory.open(cache);
  const before = readdirSync("/proc/self/fd").length;
  try {
    return await checkModule(directory, { module: "example.com/alpha", version: "v1.0.0", ...question });
  } finally {
    expect(readdirSync("/proc/self/fd")).toHaveLength(before);
    directory.close();
  }
}

const told = ({ problems }: ModuleContent): string[] =>
  problems.map(({ kind, path, found = "" }) => `${kind} ${path.slice(path.lastIndexOf("/") + 1)} ${found}`);

test("a module as go leaves it has no problem", async () => {
  const cache = scratch();
  const { zipHash, modHash } = addModule(cache);
  expect(await check(cache)).toMatchObject({ present: true, problems: [], unread: [], filesRead: 7 });
  expect((await check(cache, { sums: { zip: [zipHash], mod: [modHash] } })).problems).toEqual([]);
  // go.sum of a project that needs only the go.mod has no line for the zip.
  expect((await check(cache, { sums: { zip: [], mod: [] } })).problems).toEqual([]);
});

test("upper case in names is escaped on disk, and not in hashes", async () => {
  const cache = scratch();
  addModule(cache, "example.com/Alpha", "v1.0.0-RC1");
  const content = await check(cache, { module: "example.com/!alpha", version: "v1.0.0-!r!c1" });
  expect(content).toMatchObject({ module: "example.com/Alpha", version: "v1.0.0-RC1", problems: [], unread: [] });
});

test("what is not in the cache is no problem", async () => {
  const cache = scratch();
  expect(await check(cache)).toMatchObject({ present: false, problems: [], unread: [] });
  const { base } = addModule(cache);
  for (const end of ["info", "mod", "zip", "ziphash"]) rmSync(`${base}.${end}`);
  rmSync(`${cache}/example.com`, { recursive: true });
  expect(await check(cache)).toMatchObject({ present: false, problems: [], unread: [] });
});

describe("damage", () => {
  const replaced = zipOf({ "example.com/alpha@v1.0.0/go.mod": "module example.com/alpha\n" });
  const cases: [string, (made: MadeModule, cache: string) => void, (string | RegExp)[]][] = [
    ["a replaced zip", ({ base }) => writeFileSync(`${base}.zip`, replaced), [/^zip-not-as-recorded v1.0.0.zip h1:/]],
    [
      "another ziphash",
      ({ base }) => writeFileSync(`${base}.ziphash`, `h1:${"A".repeat(43)}=`),
      [/^zip-not-as-recorded v1.0.0.zip h1:/, /^tree-not-as-zip alpha@v1.0.0 h1:/],
    ],
    ["an empty ziphash is no attack", ({ base }) => truncateSync(`${base}.ziphash`), []],
    ["nor is one full of NULs", ({ base }) => writeFileSync(`${base}.ziphash`, Buffer.alloc(47)), []],
    ["a zip that is cut off", ({ base }) => truncateSync(`${base}.zip`, 100), [/^zip-torn v1.0.0.zip /]],
    ["an empty zip leaves the tree to the ziphash", ({ base }) => truncateSync(`${base}.zip`), []],
    ["no zip, and the tree is as recorded", ({ base }) => rmSync(`${base}.zip`), []],
    [
      "no zip, and the tree is not",
      ({ base, tree }) => {
        rmSync(`${base}.zip`);
        appendFileSync(`${tree}/a.go`, "\n");
      },
      [/^tree-not-as-zip alpha@v1.0.0 h1:/],
    ],
    ["an edited file", ({ tree }) => appendFileSync(`${tree}/a.go`, "\n"), ["tree-not-as-zip a.go more"]],
    [
      "an edited file of the same length",
      ({ tree }) => writeFileSync(`${tree}/a.go`, "package ALPHA\n"),
      [/^tree-not-as-zip a.go sha256 /],
    ],
    ["a missing file", ({ tree }) => rmSync(`${tree}/sub/b.go`), ["tree-not-as-zip b.go nothing"]],
    ["an extra file", ({ tree }) => writeFileSync(`${tree}/sub/c.go`, ""), ["tree-not-as-zip c.go a file"]],
    [
      "a name that is not UTF-8",
      ({ tree }) => writeFileSync(Buffer.concat([Buffer.from(`${tree}/`), Buffer.of(0xff)]), ""),
      ["tree-not-as-zip \udcff a file"],
    ],
    ["an empty directory holds no content", ({ tree }) => mkdirSync(`${tree}/none`), []],
    [
      "a link to the same content",
      ({ tree }) => {
        renameSync(`${tree}/a.go`, `${tree}/../a.go`);
        symlinkSync("../a.go", `${tree}/a.go`);
      },
      ["tree-not-as-zip a.go a symbolic link"],
    ],
    [
      "a FIFO",
      ({ tree }) => {
        rmSync(`${tree}/a.go`);
        execFileSync("mkfifo", [`${tree}/a.go`]);
      },
      ["tree-not-as-zip a.go a FIFO, socket or device"],
    ],
    [
      "a linked directory",
      ({ tree }) => {
        renameSync(`${tree}/sub`, `${tree}/../sub`);
        symlinkSync("../sub", `${tree}/sub`);
      },
      ["tree-not-as-zip sub a symbolic link", "tree-not-as-zip b.go nothing"],
    ],
    [
      "a link in the tree's place",
      ({ tree }) => {
        renameSync(tree, `${tree}.away`);
        symlinkSync(`${tree}.away`, tree);
      },
      ["tree-not-as-zip alpha@v1.0.0 a symbolic link"],
    ],
    ["no tree", ({ tree }) => rmSync(tree, { recursive: true }), ["tree-missing alpha@v1.0.0 "]],
    [
      "a .partial: the tree is half made",
      ({ base, tree }) => {
        writeFileSync(`${base}.partial`, "");
        rmSync(`${tree}/a.go`);
      },
      [],
    ],
    ["an edited go.mod", ({ base }) => appendFileSync(`${base}.mod`, "\n"), [/^mod-file-changed v1.0.0.mod h1:/]],
    ["an info that is cut off", ({ base }) => truncateSync(`${base}.info`, 10), ["info-file-torn v1.0.0.info other"]],
    [
      "an info full of NULs",
      ({ base }) => writeFileSync(`${base}.info`, Buffer.alloc(60)),
      ["info-file-torn v1.0.0.info other"],
    ],
    [
      "both zip and ziphash replaced: only go.sum could tell, and the tree",
      ({ base }) => {
        writeFileSync(`${base}.zip`, replaced);
        writeFileSync(`${base}.ziphash`, "h1:S89yWJrOUBJ7XH+5wN4r5XTk6UErgaxa7IDEFWMjMIg=");
      },
      [/^zip-not-as-recorded/, /^tree-not-as-zip/],
    ],
  ];
  test.each(cases)("%s", async (_, damage, expected) => {
    const cache = scratch();
    damage(addModule(cache), cache);
    const content = await check(cache);
    const found = told(content);
    expect(found).toHaveLength(expected.length);
    for (const [at, one] of expected.entries()) expect(found[at]).toMatch(one);
    expect(content.unread).toEqual([]);
  });
});

describe("go.sum", () => {
  const wrong = `h1:${"B".repeat(43)}=`;

  test("tells of a zip that is not its own, although the ziphash agrees", async () => {
    const cache = scratch();
    const { modHash } = addModule(cache);
    const content = await check(cache, { sums: { zip: [wrong], mod: [modHash] } });
    expect(told(content).map((text) => text.split(" ")[0])).toEqual(["zip-not-as-go-sum", "tree-not-as-zip"]);
  });

  test("of a ziphash, where there is no zip", async () => {
    const cache = scratch();
    const { base } = addModule(cache);
    rmSync(`${base}.zip`);
    const content = await check(cache, { sums: { zip: [wrong], mod: [] } });
    expect(told(content)[0]).toMatch(/^zip-not-as-go-sum v1.0.0.ziphash h1:/);
  });

  test("of a go.mod", async () => {
    const cache = scratch();
    const { zipHash } = addModule(cache);
    const content = await check(cache, { sums: { zip: [zipHash], mod: [wrong] } });
    expect(told(content)[0]).toMatch(/^mod-file-changed v1.0.0.mod h1:/);
  });

  test("lines of hashes that nobody knows yet are no judge", async () => {
    const cache = scratch();
    addModule(cache);
    expect((await check(cache, { sums: { zip: ["h2:x"], mod: ["h2:x"] } })).problems).toEqual([]);
  });

  test("vouches for a tree without any record", async () => {
    const cache = scratch();
    const { base, tree, zipHash } = addModule(cache);
    for (const end of ["zip", "ziphash"]) rmSync(`${base}.${end}`);
    const sums = { zip: [zipHash], mod: [] };
    expect((await check(cache, { sums })).problems).toEqual([]);
    appendFileSync(`${tree}/a.go`, "\n");
    expect(told(await check(cache, { sums }))[0]).toMatch(/^tree-not-as-zip alpha@v1.0.0 h1:/);
  });
});

describe("what is not followed or read is told, never called good", () => {
  test.each([
    ["a linked zip", "v1.0.0.zip"],
    ["a linked ziphash", "v1.0.0.ziphash"],
    ["a linked .mod", "v1.0.0.mod"],
  ])("%s", async (_, name) => {
    const cache = scratch();
    const { base } = addModule(cache);
    const path = `${base.slice(0, base.lastIndexOf("/"))}/${name}`;
    renameSync(path, `${cache}/elsewhere`);
    symlinkSync(`${cache}/elsewhere`, path);
    expect((await check(cache)).unread).toEqual([
      { path, reason: "it is a symbolic link, which is not followed or read" },
    ]);
  });

  test("a FIFO in the zip's place does not hold it up", async () => {
    const cache = scratch();
    const { base } = addModule(cache);
    rmSync(`${base}.zip`);
    execFileSync("mkfifo", [`${base}.zip`]);
    expect((await check(cache)).unread).toHaveLength(1);
  });

  test("a link on the way to the module", async () => {
    const cache = scratch();
    addModule(cache);
    renameSync(`${cache}/cache/download/example.com`, `${cache}/elsewhere`);
    symlinkSync(`${cache}/elsewhere`, `${cache}/cache/download/example.com`);
    expect((await check(cache)).unread).toHaveLength(1);
  });

  test("a tree deeper than any module's", async () => {
    const cache = scratch();
    const { tree } = addModule(cache);
    mkdirSync(`${tree}/${"d/".repeat(300)}`, { recursive: true });
    const { unread } = await check(cache);
    expect(unread).toMatchObject([{ reason: "it is nested deeper than 200 directories" }]);
  });

  test("a sparse file of a terabyte is not read", async () => {
    const cache = scratch();
    const { base, tree } = addModule(cache);
    truncateSync(`${tree}/a.go`, 2 ** 40);
    expect(told(await check(cache))).toEqual(["tree-not-as-zip a.go more"]);
    rmSync(`${base}.zip`);
    expect(told(await check(cache))).toEqual(["tree-not-as-zip alpha@v1.0.0 more"]);
    truncateSync(`${base}.mod`, 2 ** 40);
    expect((await check(cache)).unread).toHaveLength(1);
  });
});

test.skipIf(!isRoot)("another user's closed files are unread", () => {
  const cache = scratch();
  const { base, tree } = addModule(cache);
  execFileSync("chmod", ["600", `${base}.zip`, `${tree}/a.go`]);
  const program = mkdtempSync(`${cache}/p`);
  execFileSync("chmod", ["755", program]);
  const outfile = `${program}/check.mjs`;
  execFileSync("node_modules/.bin/esbuild", [
    new URL("./check-child.ts", import.meta.url).pathname,
    "--bundle",
    "--platform=node",
    "--format=esm",
    "--banner:js=import{createRequire as r}from'node:module';const require=r(import.meta.url);",
    `--outfile=${outfile}`,
    "--log-level=error",
  ]);
  const user = ["--reuid", "2001", "--regid", "2001", "--clear-groups", "--inh-caps=-all"];
  const content = JSON.parse(
    execFileSync("setpriv", [...user, process.execPath, outfile, cache], { encoding: "utf8" }),
  );
  expect(content.problems).toEqual([]);
  expect(content.unread).toEqual([
    { path: `${base}.zip`, reason: "permission denied" },
    { path: `${tree}/a.go`, reason: "it cannot be read (EACCES)" },
  ]);
});

test("a module that somebody deletes meanwhile is no problem", async () => {
  const cache = scratch();
  const { base, tree } = addModule(cache);
  rmSync(`${tree}/sub/b.go`);
  const checking = check(cache);
  await new Promise((resolve) => setTimeout(resolve, 20));
  rmSync(tree, { recursive: true });
  rmSync(base.slice(0, base.lastIndexOf("/")), { recursive: true });
  expect(await checking).toMatchObject({ present: false, problems: [] });
});

test("a module that changes all the time is unread", async () => {
  const cache = scratch();
  const { tree } = addModule(cache);
  rmSync(`${tree}/sub/b.go`);
  let number = 0;
  const timer = setInterval(() => writeFileSync(`${tree}/extra${number++}`, ""), 5);
  const content = await check(cache);
  clearInterval(timer);
  expect(content.problems).toEqual([]);
  expect(content.unread).toEqual([{ path: tree, reason: "it changes while it is looked at" }]);
});
