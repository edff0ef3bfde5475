import { spawnSync } from "node:child_process";
import { chmodSync, linkSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { show } from "../../src/host/bytes.ts";
import { answers } from "../../src/host/dead-mount.ts";
import { openWorld } from "../../src/host/facts.ts";
import { parseMountinfo } from "../../src/host/mounts.ts";
import { MachineWorld } from "../../src/host/world.ts";
import type { Entry } from "../../src/permission/entry.ts";
import type { Mount } from "../../src/permission/mount.ts";
import { Unseen } from "../../src/permission/world.ts";
import { asUser, isRoot, notRoot, openDirectory, printedBy } from "./as-user.ts";

let directory: string;
const at = (name: string): string => join(directory, name);

beforeEach(() => {
  directory = openDirectory("world");
});
afterEach(() => {
  spawnSync("chattr", ["-R", "-i", "-a", directory]);
  rmSync(directory, { recursive: true });
});

test("an entry is what lstat tells", () => {
  writeFileSync(at("file"), "12345");
  chmodSync(at("file"), 0o4640);
  linkSync(at("file"), at("hard"));
  symlinkSync("nowhere", at("link"));
  mkdirSync(at("directory"));
  chmodSync(at("directory"), 0o2775);
  spawnSync("mkfifo", [at("fifo")]);
  const world = openWorld();
  expect(world.look(at("file"))).toMatchObject({
    type: "file",
    uid: process.getuid?.(),
    mode: 0o4640,
    links: 2,
    size: 5,
    mount: { readOnly: false },
  });
  expect(world.look(at("directory"))).toMatchObject({ type: "directory", mode: 0o2775 });
  expect(world.look(at("link"))).toMatchObject({ type: "symlink" });
  expect(world.look(at("fifo"))).toMatchObject({ type: "fifo" });
  expect(world.look("/dev/null")).toMatchObject({ type: "character" });
  expect(world.look(at("none"))).toBe("absent");
  expect(world.look(at("file/below"))).toBe("absent");
  expect(world.target(at("link"))).toBe("nowhere");
  expect(world.target(at("file"))).toBeInstanceOf(Unseen);
  expect(world.look("/proc")).toMatchObject({ mountPoint: true, mount: { type: "proc" } });
  expect(world.look(`/${"x".repeat(5000)}`)).toEqual(new Unseen("its name is too long"));
});

test("what was looked at once is remembered", () => {
  const world = openWorld();
  expect(world.look(at("late"))).toBe("absent");
  writeFileSync(at("late"), "");
  expect(world.look(at("late"))).toBe("absent");
  expect(openWorld().look(at("late"))).toMatchObject({ type: "file" });
});

test("names that are not UTF-8 are listed, found, read and shown", () => {
  const bytes = Buffer.concat([Buffer.from(`${directory}/caf`), Buffer.of(0xe9)]);
  mkdirSync(bytes);
  writeFileSync(Buffer.concat([bytes, Buffer.from("/go.mod")]), "module x\n");
  writeFileSync(at("\ufffd"), "");
  const world = openWorld();
  const names = [...(world.names(directory) as string[])].sort();
  expect(names.map(show)).toEqual(["caf\\xe9", "\ufffd"]);
  const odd = names[0] as string;
  expect(world.look(at(odd))).toMatchObject({ type: "directory" });
  expect(world.names(at(odd))).toEqual(["go.mod"]);
  expect(world.text(join(at(odd), "go.mod"), 100)).toBe("module x\n");
});

test("only regular files of bounded length are read", () => {
  writeFileSync(at("file"), "text");
  symlinkSync("file", at("link"));
  spawnSync("mkfifo", [at("fifo")]);
  const world = openWorld();
  expect(world.text(at("file"), 4)).toBe("text");
  expect(world.text(at("file"), 3)).toEqual(new Unseen("it is longer than 3 bytes"));
  expect(world.text(at("none"), 10)).toBe("absent");
  for (const name of ["link", "fifo", "."]) {
    expect(world.text(name === "." ? directory : at(name), 10)).toEqual(new Unseen("it is not a regular file"));
  }
  expect(world.text("/dev/zero", 10)).toEqual(new Unseen("it is not a regular file"));
});

test("a file that becomes a FIFO after it was looked at holds nobody up", () => {
  writeFileSync(at("file"), "text");
  const world = openWorld();
  world.look(at("file"));
  rmSync(at("file"));
  spawnSync("mkfifo", [at("file")]);
  expect(world.text(at("file"), 10)).toEqual(new Unseen("it is not a regular file"));
});

test("ACLs are there once they were asked for, default ACLs too", () => {
  mkdirSync(at("d"));
  writeFileSync(at("d/odd\nname"), "");
  spawnSync("setfacl", ["-m", "u:2001:r-x,d:g:3000:rwx", at("d")]);
  spawnSync("setfacl", ["-m", "u:2001:rw-,m::r--", at("d/odd\nname")]);
  const world = openWorld();
  expect((world.look(at("d")) as Entry).acl).toBeUndefined();
  world.prefetchAcls([at("d"), at("d/odd\nname"), at("none")]);
  const entry = world.look(at("d")) as Entry;
  expect(entry.acl?.users).toEqual(new Map([[2001, 5]]));
  expect(entry.defaultAcl?.groups).toEqual(new Map([[3000, 7]]));
  expect((world.look(at("d/odd\nname")) as Entry).acl).toMatchObject({ users: new Map([[2001, 6]]), mask: 4 });
  expect(world.aclState()).toEqual({ value: true });
});

test("the ACLs of a tree come at once, also below names that are not UTF-8", () => {
  const odd = Buffer.concat([Buffer.from(`${directory}/`), Buffer.of(0xff)]);
  writeFileSync(odd, "");
  spawnSync("find", [directory, "-type", "f", "-exec", "setfacl", "-m", "u:2001:r", "{}", "+"]);
  const world = openWorld();
  const name = (world.names(directory) as string[])[0] as string;
  world.prefetchAcls([], [directory]);
  expect((world.look(at(name)) as Entry).acl?.users).toEqual(new Map([[2001, 4]]));
});

test("a play is repeated until all that it looks at has its ACL", () => {
  mkdirSync(at("a"));
  writeFileSync(at("a/b"), "");
  spawnSync("setfacl", ["-m", "u:2001:rwx", at("a")]);
  spawnSync("setfacl", ["-m", "u:2001:r", at("a/b")]);
  const world = openWorld();
  const has = (path: string): boolean => (world.look(path) as Entry).acl !== undefined;
  // The second path is only looked at once the first has its ACL.
  const play = (): boolean => has(at("a")) && has(at("a/b"));
  expect(play()).toBe(false);
  expect(world.settle(play)).toBe(true);
  const fails = (): never => {
    throw new Error(String((world.look(at("a")) as Entry).mode));
  };
  expect(() => world.settle(fails)).toThrow(/^\d+$/);
});

test("immutable and append-only attributes are read", (context) => {
  context.skip(!isRoot, notRoot);
  writeFileSync(at("fixed"), "");
  writeFileSync(at("log"), "");
  const set = [spawnSync("chattr", ["+i", at("fixed")]), spawnSync("chattr", ["+a", at("log")])];
  context.skip(
    set.some((result) => result.status !== 0),
    "this file system has no chattr attributes",
  );
  const world = openWorld();
  world.prefetchAttributes([at("fixed"), at("log"), directory, at("none")]);
  expect(world.look(at("fixed"))).toMatchObject({ immutable: true, appendOnly: false });
  expect(world.look(at("log"))).toMatchObject({ immutable: false, appendOnly: true });
  expect((world.look(directory) as Entry).immutable).toBe(false);
});

test("real paths follow links as the kernel does", () => {
  mkdirSync(at("real/deep"), { recursive: true });
  symlinkSync("real", at("relative"));
  symlinkSync(at("real/deep"), at("absolute"));
  symlinkSync("deep/../../relative/deep", at("real/up"));
  symlinkSync("gone/below", at("dangling"));
  symlinkSync("circle", at("circle"));
  const world = openWorld();
  const real = (name: string): unknown => world.realPath(`${directory}/${name}`);
  expect(real("relative/deep")).toBe(at("real/deep"));
  expect(real("absolute")).toBe(at("real/deep"));
  expect(real("absolute/..")).toBe(at("real"));
  expect(real("real/up")).toBe(at("real/deep"));
  expect(real("none/below")).toBe("absent");
  expect(real("relative/none")).toBe("absent");
  expect(real("dangling")).toBe("dangling");
  expect(real("dangling/more")).toBe("dangling");
  expect(real("circle")).toBe("dangling");
  expect(world.realPath("/")).toBe("/");
  expect(world.realPath("/..")).toBe("/");
});

test("what another user may not see is unseen, not absent", (context) => {
  context.skip(!isRoot, notRoot);
  mkdirSync(at("closed/inner"), { recursive: true });
  chmodSync(at("closed"), 0o700);
  writeFileSync(at("secret"), "x");
  chmodSync(at("secret"), 0o600);
  const code = `import { openWorld } from "/src/host/facts.ts";
    const world = openWorld();
    const at = (name) => ${JSON.stringify(directory)} + "/" + name;
    console.log(JSON.stringify([
      world.look(at("closed")).type, world.look(at("closed/inner")), world.look(at("none")),
      world.names(at("closed")), world.text(at("secret"), 10), world.realPath(at("closed/inner")),
    ]));`;
  const denied = { reason: "permission denied" };
  expect(printedBy(code, asUser(2001))).toEqual(["directory", denied, "absent", denied, denied, denied]);
});

test("a bind mount is seen with its options", (context) => {
  context.skip(!isRoot, notRoot);
  context.skip(spawnSync("unshare", ["-m", "true"]).status !== 0, "unshare -m is refused here");
  mkdirSync(at("source/inner"), { recursive: true });
  mkdirSync(at("target"));
  const code = `import { openWorld } from "/src/host/facts.ts";
    const world = openWorld();
    const look = (name) => world.look(${JSON.stringify(directory)} + "/" + name);
    const told = ({ mount, mountPoint }) => [mount.mountPoint, mount.readOnly, mount.noexec, mountPoint ?? false];
    console.log(JSON.stringify(["target", "target/inner", "source"].map((name) => told(look(name)))));`;
  const mounting = `mount --bind ${at("source")} ${at("target")} && mount -o remount,bind,ro,noexec ${at("target")} && exec "$@"`;
  const outer = (openWorld().look(at("source")) as Entry).mount as Mount;
  expect(printedBy(code, ["unshare", "-m", "sh", "-c", mounting, "sh"])).toEqual([
    [at("target"), true, true, true],
    [at("target"), true, true, false],
    [outer.mountPoint, outer.readOnly, outer.noexec, false],
  ]);
});

test("a network mount that does not answer is unseen, and a local one is not asked", () => {
  const mounts = parseMountinfo(`1 0 0:1 / / rw - ext4 root rw
2 1 0:2 / ${directory} rw - nfs4 server:/gone rw
`) as [Mount, Mount];
  const silent = (): boolean => false;
  expect(answers(mounts[1], silent)).toEqual(new Unseen(`${directory} (nfs4) does not answer within 3 s`));
  expect(answers(mounts[1], () => true)).toBeUndefined();
  expect(answers(mounts[0], silent)).toBeUndefined();
  // This one does answer, since a local directory stands in its place.
  expect(new MachineWorld(mounts).look(directory)).toMatchObject({ type: "directory" });
});
