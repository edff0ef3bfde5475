// `fix` and `undo` as on a Mac: the program with the means of systems without /proc, and tools that keep lists and flags as the
// manual pages of chmod and chflags say (test/host/macos/acl-tools.mjs). Nothing here ran on macOS.
import { spawnSync } from "node:child_process";
import { chmodSync, chownSync, lstatSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { asUser, isRoot, openDirectory } from "../host/as-user.ts";
import { fakeMac } from "../host/macos/fake-mac.ts";
import { bundleWithoutProc } from "../tree/chdir-means.ts";
import { scratch } from "../tree/scratch.ts";

const owner = 2001;
const versions = "cache/download/example.com/a/@v";
const tools = join(import.meta.dirname, "../host/macos/acl-tools.mjs");

const users = `name: alice\npassword: *\nuid: ${owner}\ngid: ${owner}\ndir: /Users/alice\nshell: /bin/zsh\n`;
const groups = `name: devs\npassword: *\ngid: ${owner}\nusers: alice bob\n`;

let program: string;
let top: string;
let cache: string;
let mac: string;
let state: string;

beforeAll(async () => {
  const directory = openDirectory("macos");
  program = await bundleWithoutProc('import "/src/cli.ts";', join(directory, "cli.mjs"));
  writeFileSync(join(directory, "acl-tools.mjs"), readFileSync(tools));
  return () => spawnSync("rm", ["-rf", directory]);
});

beforeEach(() => {
  top = scratch();
  mac = join(top, "mac");
  mkdirSync(mac);
  state = join(top, "lists.json");
  writeFileSync(state, "{}");
  const stateful = (name: string): string =>
    `exec ${process.execPath} ${join(program, "../acl-tools.mjs")} ${state} ${name} "$@"`;
  fakeMac(mac, {
    instead: {
      ...Object.fromEntries(["ls", "chmod", "chflags"].map((name) => [name, stateful(name)])),
      dscacheutil: `case "$2 $*" in
        *" name: bob"|*" -a name bob") ;;
        user*) printf '${users.replaceAll("\n", "\\n")}';;
        *) printf '${groups.replaceAll("\n", "\\n")}';;
        esac`,
      id: `echo ${owner}`,
      ps: `[ -d "/proc/$4" ] && echo "Wed Nov 25 19:24:31 2026"`,
      sysctl: "echo 0F5B9A52-0D2C-4E0F-8D5A-2F7C1B6A9E10",
    },
  });
  cache = join(top, "mod");
  for (const part of [
    "",
    "cache",
    "cache/download",
    "cache/download/example.com",
    "cache/download/example.com/a",
    versions,
  ]) {
    mkdirSync(join(cache, part));
    chmodSync(join(cache, part), 0o755);
  }
  for (const name of ["v1.0.0.mod", "list", "v1.0.0.lock"]) {
    writeFileSync(join(cache, versions, name), name);
    chmodSync(join(cache, versions, name), 0o644);
  }
  spawnSync("chown", ["-R", `${owner}:${owner}`, top]);
});

/** What chmod and chflags of that Mac do by hand. */
function byHand(tool: string, ...args: string[]): void {
  const { status, stderr } = spawnSync(join(mac, tool), args, { encoding: "utf8" });
  expect(status, stderr).toBe(0);
}

function listOf(path: string): string {
  const { stdout } = spawnSync(join(mac, "ls"), ["-ldeOB", "--", path], { encoding: "utf8" });
  const [first = "", ...acl] = stdout.trimEnd().split("\n");
  const flags = first.split(/\s+/)[4];
  return [...acl.map((line) => line.replace(/^ \d+: /, "")), ...(flags === "-" ? [] : [`flags ${flags}`])].join("; ");
}

function run(wrapper: readonly string[], ...args: string[]) {
  const [first = "", ...rest] = [...wrapper, process.execPath, program, ...args, "--no-progress"];
  const env = { PATH: "/usr/bin:/bin", HOME: top, FAKE_MAC: mac };
  const { status, stdout, stderr } = spawnSync(first, rest, { cwd: top, env, encoding: "utf8", timeout: 60_000 });
  return { status, output: stdout + stderr };
}

const fix = (...args: string[]): string[] => [
  "fix",
  "--cache-dir",
  cache,
  "--state-dir",
  join(top, "journals"),
  ...args,
];
const undo = (): string[] => ["undo", "--state-dir", join(top, "journals")];
const at = (name: string): string => join(cache, versions, name);

describe.runIf(isRoot)("as on macOS", () => {
  test("entries that deny what go needs, and the flag uchg, are taken away and given back", () => {
    const directory = join(cache, versions);
    byHand("chmod", "+a#", "0", "group:everyone deny delete", directory);
    byHand("chmod", "+a#", "1", "user:bob allow list", directory);
    byHand("chmod", "+ai#", "2", "group:everyone deny add_file,delete_child", directory);
    byHand("chmod", "+a#", "0", "user:alice deny read", at("v1.0.0.mod"));
    byHand("chmod", "+a#", "0", "user:bob deny read", at("list"));
    byHand("chflags", "uchg,hidden", at("v1.0.0.lock"));
    chmodSync(at("v1.0.0.mod"), 0o600);
    const before = [directory, at("v1.0.0.mod"), at("list"), at("v1.0.0.lock")].map(listOf);
    const dry = run(asUser(owner), ...fix("--dry-run", "--umask", "022"));
    expect(dry.output).toContain('without the entry "group:everyone deny delete"');
    const fixed = run(asUser(owner), ...fix("--yes", "--umask", "022"));
    expect(fixed, fixed.output).toMatchObject({
      status: 0,
      output: expect.stringContaining("nothing departs any more"),
    });
    expect([directory, at("v1.0.0.mod"), at("list"), at("v1.0.0.lock")].map(listOf)).toEqual([
      "user:bob allow list",
      "",
      "user:bob deny read",
      "flags hidden",
    ]);
    expect(lstatSync(at("v1.0.0.mod")).mode & 0o7777).toBe(0o644);
    const back = run(asUser(owner), ...undo());
    expect(back, back.output).toMatchObject({ status: 0 });
    expect([directory, at("v1.0.0.mod"), at("list"), at("v1.0.0.lock")].map(listOf)).toEqual(before);
    expect(lstatSync(at("v1.0.0.mod")).mode & 0o7777).toBe(0o600);
  });

  test("a group's cache gets entries that are inherited, without setgid; a later fix knows it for a group's", () => {
    const shared = run(asUser(owner), ...fix("--yes", "--contract", "group", "--group", "devs"));
    expect(shared, shared.output).toMatchObject({ status: 0 });
    expect(shared.output).toMatch(/ACLs that are\s+inherited/);
    for (const name of ["", "cache", versions])
      expect(listOf(join(cache, name))).toBe(
        "group:devs allow list,add_file,search,add_subdirectory,delete_child,readattr,directory_inherit; " +
          "group:devs allow list,add_file,add_subdirectory,readattr,file_inherit,directory_inherit,only_inherit",
      );
    expect(listOf(at("list"))).toBe("");
    expect(lstatSync(cache).mode & 0o7777).toBe(0o775);
    const again = run(asUser(owner), ...fix("--yes"));
    expect(again, again.output).toMatchObject({ status: 0, output: expect.stringContaining("contract group") });
    expect(again.output).not.toContain("Undo:");
    expect(run(asUser(owner), ...undo())).toMatchObject({ status: 0 });
    expect(listOf(cache)).toBe("");
    expect(lstatSync(cache).mode & 0o7777).toBe(0o755);
  });

  test("a list that was changed after the run is left alone by undo", () => {
    byHand("chmod", "+a#", "0", "group:everyone deny delete", at("list"));
    expect(run(asUser(owner), ...fix("--yes", "--umask", "022")).status).toBe(0);
    byHand("chmod", "+a#", "0", "user:bob allow read", at("list"));
    const back = run(asUser(owner), ...undo());
    expect(back.status).toBe(1);
    expect(listOf(at("list"))).toBe("user:bob allow read");
  });

  test("root changes no list, and prints the commands instead, which do the same", () => {
    byHand("chmod", "+a#", "0", "group:everyone deny delete", join(cache, versions));
    byHand("chmod", "+a#", "0", "group:everyone deny delete", at("list"));
    byHand("chflags", "uchg", at("v1.0.0.lock"));
    const args = ["--umask", "022", "--owner", `${owner}:${owner}`];
    const refused = run([], ...fix("--yes", ...args));
    expect(refused).toMatchObject({ status: 1, output: expect.stringContaining("--print-commands") });
    const insisted = run([], ...fix("--yes", "--trust-tree", ...args));
    expect(insisted.output.replace(/\s+/g, " ")).toContain("take a path, which another user could exchange");
    expect(listOf(at("list"))).toBe("group:everyone deny delete");
    const { output } = run([], ...fix("--print-commands", ...args));
    expect(output).toContain(`chflags -h nouchg ${at("v1.0.0.lock")}`);
    expect(output).not.toMatch(/setfacl| -- |-R/);
    const script = output.replace(/^(chmod|chflags)/gm, `${mac}/$1`);
    const { status, stderr } = spawnSync("sh", ["-c", script], { encoding: "utf8" });
    expect(status, stderr).toBe(0);
    expect([join(cache, versions), at("list"), at("v1.0.0.lock")].map(listOf)).toEqual(["", "", ""]);
  });

  test("a list with an entry of an unknown form stays as it is, and is named", () => {
    byHand("chmod", "+a#", "0", "group:everyone deny delete", at("list"));
    const lists = JSON.parse(readFileSync(state, "utf8")) as Record<string, { acl: { kind: string }[] }>;
    for (const { acl } of Object.values(lists)) for (const ace of acl) ace.kind = "audit";
    writeFileSync(state, JSON.stringify(lists));
    const left = run(asUser(owner), ...fix("--yes", "--umask", "022"));
    expect(left.status).toBe(3);
    expect(left.output.replace(/\s+/g, " ")).toContain("entry of an unknown form and keeps its list");
    expect(listOf(at("list"))).toBe("group:everyone audit delete");
  });

  test("from somebody else nothing is taken", () => {
    byHand("chmod", "+a#", "0", "group:everyone deny delete", at("list"));
    chownSync(at("list"), 2002, 2002);
    const left = run(asUser(owner), ...fix("--yes", "--umask", "022"));
    expect(left).toMatchObject({ status: 1, output: expect.stringContaining("--from 2002") });
    expect(listOf(at("list"))).toBe("group:everyone deny delete");
  });
});
