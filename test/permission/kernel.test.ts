// The simulated system calls against the real kernel: random trees, a real process of another user, the same calls.
import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, chownSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { readMounts } from "../../src/host/mounts.ts";
import { MachineWorld } from "../../src/host/world.ts";
import { Kernel } from "../../src/permission/kernel.ts";
import { Refused } from "../../src/permission/world.ts";
import { makeLab, removeLab } from "../e2e/lab.ts";
import { describeOnMachine } from "../e2e/requirements.ts";
import { randomOf } from "../random.ts";

const draws = 150;
const users = [
  { uid: 2001, gid: 2001, groups: [3000] },
  { uid: 2001, gid: 3001, groups: [] },
  { uid: 2002, gid: 2002, groups: [3000, 3001] },
];
const modes = [0o000, 0o444, 0o555, 0o644, 0o700, 0o711, 0o755, 0o770, 0o775, 0o777, 0o1777, 0o2775, 0o060, 0o006];
const calls = {
  read: "fs.closeSync(fs.openSync(p, 'r'))",
  write: "fs.closeSync(fs.openSync(p, 'r+'))",
  lock: "fs.closeSync(fs.openSync(p, fs.constants.O_RDWR | fs.constants.O_CREAT, 0o666))",
  create: "fs.closeSync(fs.openSync(p + '.new', 'wx+'))",
  mkdir: "fs.mkdirSync(p + '.dir', 0o777)",
  list: "fs.readdirSync(require('path').dirname(p))",
  chmod: "fs.chmodSync(p, 0o640)",
  rename: "fs.renameSync(p, p + '.renamed')",
  remove: "fs.unlinkSync(p)",
} as const;
type Call = keyof typeof calls;

describeOnMachine("simulated system calls and the kernel", () => {
  let lab: string;
  beforeAll(() => {
    lab = makeLab("kernel");
  });
  afterAll(() => removeLab(lab));

  it(`agree in ${draws} random trees`, () => {
    const wrong: string[] = [];
    for (let number = 0; number < draws; number += 1) {
      const random = randomOf(4711 + number);
      const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
      const path = layOutTree(join(lab, "t"), pick, random);
      const user = pick(users);
      const call = pick(Object.keys(calls) as Call[]);
      const said = simulate(call, path, user);
      const went = reallyDo(call, path, user);
      if (said !== went)
        wrong.push(
          `${number} ${call} as ${JSON.stringify(user)}: kernel ${went}, we ${said}\n${execFileSync("getfacl", ["-R", "-p", "-n", join(lab, "t")], { encoding: "utf8" })}`,
        );
    }
    expect(wrong).toEqual([]);
  });
});

/** /t/a/b/f with random owners, modes and ACLs. @returns the file's path */
function layOutTree(top: string, pick: <T>(from: readonly T[]) => T, random: () => number): string {
  rmSync(top, { recursive: true, force: true });
  const file = join(top, "a/b/f");
  mkdirSync(join(top, "a/b"), { recursive: true });
  if (random() < 0.9) writeFileSync(file, "text");
  for (const path of [file, join(top, "a/b"), join(top, "a"), top]) {
    const generous = path === top || random() < 0.4;
    try {
      chownSync(path, pick([0, 2001, 2002]), pick([0, 2001, 3000, 3001]));
      chmodSync(path, generous ? 0o777 : pick(modes));
    } catch {
      continue;
    }
    if (random() < 0.4) {
      const spec = `${pick(["u:2001", "u:2002", "g:3000", "g:3001"])}:${pick(["rwx", "r-x", "---", "-wx", "rw-"])},m::${pick(["rwx", "r-x", "---", "rw-"])}`;
      spawnSync("setfacl", ["-n", "-m", spec, path]);
    }
  }
  return file;
}

function simulate(call: Call, path: string, user: (typeof users)[number]): string {
  const mounts = readMounts();
  const world = new MachineWorld("value" in mounts ? mounts.value : []);
  return world.settle(() => {
    const kernel = new Kernel(
      world,
      { ...user, capabilities: new Set(), umask: 0o022 },
      { protectedRegular: 0, protectedFifos: 0, protectedSymlinks: 0 },
    );
    try {
      play(kernel, call, path);
      return "ok";
    } catch (error) {
      if (error instanceof Refused) return error.errno;
      throw error;
    }
  });
}

function play(kernel: Kernel, call: Call, path: string): void {
  if (call === "read") kernel.open(path, { read: true });
  else if (call === "write") kernel.open(path, { read: true, write: true });
  else if (call === "lock") kernel.open(path, { read: true, write: true, create: true });
  else if (call === "create") kernel.open(`${path}.new`, { read: true, write: true, create: true, exclusive: true });
  else if (call === "mkdir") kernel.mkdir(`${path}.dir`, 0o777);
  else if (call === "list") kernel.readDirectory(path.slice(0, path.lastIndexOf("/")));
  else if (call === "chmod") kernel.chmod(path, 0o640);
  else if (call === "rename") kernel.rename(path, `${path}.renamed`);
  else kernel.remove(path);
}

function reallyDo(call: Call, path: string, user: (typeof users)[number]): string {
  const script = `const fs = require("fs"); const p = process.argv[1]; try { ${calls[call]}; console.log("ok") } catch (e) { console.log(e.code) }`;
  const identity = [
    `--reuid=${user.uid}`,
    `--regid=${user.gid}`,
    user.groups.length > 0 ? `--groups=${user.groups.join(",")}` : "--clear-groups",
  ];
  return execFileSync("setpriv", [...identity, process.execPath, "-e", script, path], { encoding: "utf8" }).trim();
}
