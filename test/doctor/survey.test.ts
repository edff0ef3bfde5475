import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { expect, test, vi } from "vitest";
import type { ModulePlace } from "../../src/doctor/project.ts";
import { diagnose } from "../../src/doctor/run.ts";
import { kindOf } from "../../src/gocache/kind.ts";
import { bundle, scratch } from "../tree/scratch.ts";
import { addModule, validHash, watchEntries, watchModules } from "./cache.ts";
import { cacheFacts, plainUser } from "./cache-facts.ts";

const isRoot = process.getuid?.() === 0;
const hasSetfacl = spawnSync("setfacl", ["--version"]).status === 0;

test("each entry comes with its kind, its parent and whether it can be reached", async () => {
  const root = scratch();
  addModule(root, "github.com/!azure/x", "v1.0.0");
  chmodSync(`${root}/cache`, 0o700);
  const { rule, seen } = watchEntries();
  await diagnose(cacheFacts(root), [rule]);
  for (const { path, kind, entry } of seen) {
    expect(kind, path).toBe(kindOf(path.slice(root.length + 1), entry.type === "directory"));
  }
  const at = (path: string) => seen.find((entry) => entry.path === `${root}${path}`);
  expect(at("")?.parent).toBeUndefined();
  expect(at("/cache")).toMatchObject({ reachable: { verdict: "yes" }, parent: { mode: 0o755 } });
  expect(at("/cache/download/github.com/!azure/x/@v/list")).toMatchObject({
    reachable: { verdict: "no", at: `${root}/cache`, because: "others have ---" },
    entry: { type: "file", size: 7 },
  });
});

test("a closed directory above the cache is seen too", async () => {
  const above = scratch();
  const root = `${above}/closed/cache`;
  addModule(root, "example.com/a", "v1.0.0");
  chmodSync(`${above}/closed`, 0o700);
  const { rule, seen } = watchEntries({ kinds: ["root"] });
  await diagnose(cacheFacts(root), [rule]);
  expect(seen).toMatchObject([{ kind: "root", reachable: { verdict: "no", at: `${above}/closed` } }]);
});

test("files and trees are put together into module versions", async () => {
  const root = scratch();
  addModule(root, "github.com/!azure/x", "v1.0.0");
  addModule(root, "example.com/torn", "v1.0.0");
  writeFileSync(`${root}/cache/download/example.com/torn/@v/v1.0.0.ziphash`, Buffer.alloc(47));
  addModule(root, "example.com/bare", "v1.0.0");
  rmSync(`${root}/cache/download/example.com/bare/@v`, { recursive: true });
  addModule(root, "example.com/packed", "v1.0.0");
  rmSync(`${root}/example.com/packed@v1.0.0`, { recursive: true, force: true });
  addModule(root, "example.com/linked", "v1.0.0");
  execFileSync("mv", [`${root}/example.com/linked@v1.0.0`, `${root}/example.com/elsewhere`]);
  symlinkSync("elsewhere", `${root}/example.com/linked@v1.0.0`);
  const { rule, seen } = watchModules();
  const report = await diagnose(cacheFacts(root), [rule]);
  expect(report.verdict).toBe("healthy");
  const by = new Map(seen.map((record) => [record.module, record]));
  expect([...by.keys()].sort()).toEqual(
    ["example.com/bare", "example.com/linked", "example.com/packed", "example.com/torn", "github.com/Azure/x"].sort(),
  );
  const whole = by.get("github.com/Azure/x");
  expect(whole).toMatchObject({
    version: "v1.0.0",
    tree: `${root}/github.com/!azure/x@v1.0.0`,
    ziphashText: validHash,
  });
  expect(Object.keys(whole?.files ?? {}).sort()).toEqual(["info", "lock", "mod", "zip", "ziphash"]);
  expect(whole?.extracted?.mode).toBe(0o555);
  expect(by.get("example.com/torn")?.ziphashText).toBe("\0".repeat(47));
  expect(by.get("example.com/bare")).toMatchObject({ files: {}, extracted: { type: "directory" } });
  expect(by.get("example.com/packed")?.extracted).toBeUndefined();
  expect(by.get("example.com/linked")?.extracted).toMatchObject({ type: "directory" });
});

test("a ziphash that is a FIFO is not opened", async () => {
  const root = scratch();
  addModule(root, "example.com/a", "v1.0.0");
  const path = `${root}/cache/download/example.com/a/@v/v1.0.0.ziphash`;
  rmSync(path);
  execFileSync("mkfifo", [path]);
  const { rule, seen } = watchModules();
  await diagnose(cacheFacts(root), [rule]);
  expect(seen[0]?.files.ziphash?.type).toBe("fifo");
  expect(seen[0]?.ziphashText).toBeUndefined();
});

test("for a project only its modules are looked at", async () => {
  const root = scratch();
  addModule(root, "example.com/a", "v1.0.0");
  addModule(root, "example.com/a", "v1.1.0");
  addModule(root, "example.com/b", "v1.0.0");
  writeFileSync(`${root}/cache/lock`, "");
  const directory = `${root}/cache/download/example.com/a/@v`;
  const modules: ModulePlace[] = [
    { directory, versions: ["v1.0.0"], trees: [`${root}/example.com/a@v1.0.0`] },
    {
      directory: `${root}/cache/download/example.com/none/@v`,
      versions: ["v9.0.0"],
      trees: [`${root}/example.com/none@v9.0.0`],
    },
  ];
  const entries = watchEntries();
  const records = watchModules();
  const report = await diagnose(cacheFacts(root), [entries.rule, records.rule], { modules });
  const paths = entries.seen.map(({ path }) => path.slice(root.length));
  expect(new Set(paths).size).toBe(paths.length);
  expect(paths.filter((path) => path.includes("v1.1.0") || path.includes("/b"))).toEqual([]);
  expect(paths).toEqual(expect.arrayContaining(["", "/cache", "/cache/lock", "/example.com/a@v1.0.0/sub/a.go"]));
  expect(records.seen.map(({ module, version }) => `${module}@${version}`)).toEqual(["example.com/a@v1.0.0"]);
  expect(records.seen[0]?.extracted).toBeDefined();
  expect(report).toMatchObject({ verdict: "healthy", stats: { entries: paths.length } });
});

test.skipIf(!hasSetfacl)("an ACL given to one file is seen, long after as well", async () => {
  const root = scratch();
  addModule(root, "example.com/a", "v1.0.0");
  const path = `${root}/example.com/a@v1.0.0/sub/a.go`;
  await new Promise((resolve) => setTimeout(resolve, 50));
  execFileSync("setfacl", ["-m", "u:1000:---", path]);
  const now = Date.now();
  for (const later of [0, 86_400_000]) {
    const clock = vi.spyOn(Date, "now").mockReturnValue(now + later);
    const { rule, seen } = watchEntries();
    await diagnose(cacheFacts(root), [rule]);
    clock.mockRestore();
    const last = seen.findLast((entry) => entry.path === path);
    expect(last?.entry.acl?.users.get(1000), `after ${later} ms`).toBe(0);
  }
});

test.skipIf(!hasSetfacl)("inherited ACLs, and names that getfacl quotes, decide what can be reached", async () => {
  const root = scratch();
  execFileSync("setfacl", ["-m", "d:u:2001:rwx,u:2001:rwx", root]);
  const odd = Buffer.concat([Buffer.from(`${root}/é\\ `), Buffer.of(0xff)]);
  mkdirSync(odd, { mode: 0o770 });
  mkdirSync(`${root}/new\nline`, { mode: 0o770 });
  for (const directory of [odd, Buffer.from(`${root}/new\nline`)]) {
    writeFileSync(Buffer.concat([directory, Buffer.from("/file")]), "");
  }
  const { rule, seen } = watchEntries({ kinds: ["foreign"] });
  const clock = vi.spyOn(Date, "now").mockReturnValue(Date.now() + 86_400_000);
  await diagnose(cacheFacts(root, { subject: { subject: plainUser(2001), self: false } }), [rule]);
  clock.mockRestore();
  const inExactPass = seen.filter(({ entry }) => entry.acl !== undefined);
  expect(inExactPass.map(({ path }) => path).sort()).toEqual([`${root}/new\nline/file`, `${root}/é\\ \\xff/file`]);
  for (const { reachable } of inExactPass) expect(reachable.verdict).toBe("yes");
});

test.skipIf(!isRoot)("what the user who runs it cannot read makes the verdict incomplete", () => {
  const root = scratch();
  const program = bundle(new URL("./diagnose-child.ts", import.meta.url).pathname, root);
  addModule(`${root}/m`, "example.com/a", "v1.0.0");
  chmodSync(`${root}/m/example.com`, 0o700);
  const user = ["--reuid", "2001", "--regid", "2001", "--clear-groups", "--inh-caps=-all"];
  const child = spawnSync("setpriv", [...user, process.execPath, program, `${root}/m`]);
  const report = JSON.parse(String(child.stdout));
  expect(report.verdict).toBe("incomplete");
  const reasons = report.skipped.map(({ reason }: { reason: string }) => reason).join("\n");
  expect(reasons).toContain(`1 place could not be read: ${root}/m/example.com: it cannot be listed (EACCES)`);
});

test("a clean meanwhile is no error", async () => {
  const root = scratch();
  for (let number = 0; number < 300; number += 1) addModule(root, `example.com/m${number}`, "v1.0.0");
  let started = false;
  const onProgress = (): void => {
    if (started) return;
    started = true;
    execFileSync("find", [`${root}/cache`, "-name", "*.zip*", "-delete"]);
  };
  const { rule } = watchModules();
  const report = await diagnose(cacheFacts(root), [rule, watchEntries().rule], { onProgress });
  expect(started).toBe(true);
  expect(report.findings).toEqual([]);
  expect(report.verdict).toBe("healthy");
});

test.runIf(isRoot && hasSetfacl)(
  "where ACLs are read, a list without versions does not get those of its neighbour",
  async () => {
    const root = scratch();
    for (const name of ["a", "b", "c"]) addModule(root, `example.com/${name}`, "v1.0.0");
    const emptied = `${root}/cache/download/example.com/b/@v`;
    for (const end of ["info", "mod", "zip", "ziphash", "lock"]) rmSync(`${emptied}/v1.0.0.${end}`);
    rmSync(`${root}/example.com/b@v1.0.0`, { recursive: true, force: true });
    const { rule, seen } = watchModules();
    await diagnose(cacheFacts(root), [rule], { everyAcl: true });
    expect(seen.map(({ module }) => module).sort()).toEqual(["example.com/a", "example.com/c"]);
  },
);
