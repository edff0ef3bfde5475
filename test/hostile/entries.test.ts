// Entries that a cache never holds, put there by who controls it.
import { execFileSync, spawnSync } from "node:child_process";
import {
  chmodSync,
  chownSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { makeDeep } from "../tree/scratch.ts";
import {
  attack,
  attacker,
  describeHostile,
  fix,
  gomodcache,
  lay,
  makeScene,
  makeVictim,
  metadata,
  neighbour,
  setSysctl,
  stateOf,
  stranger,
} from "./arena.ts";

/** How many entries one directory gets. */
const crowd = Number(process.env["CROWD"] ?? 100_000);

function refusals({ document }: ReturnType<typeof fix>): Record<string, string> {
  return Object.fromEntries(document.refused.map(({ path, reason }) => [path, reason]));
}

describeHostile("links", () => {
  test("case 4: a cache that is a symbolic link of the attacker's, with a trailing slash or without", () => {
    const scene = makeScene();
    makeVictim(join(scene.victim, "cache/download"));
    const before = stateOf(scene.victim);
    const link = join(scene.directory, "home/link");
    execFileSync("setpriv", [`--reuid=${attacker}`, "--clear-groups", "ln", "-s", scene.victim, link]);
    for (const cache of [link, `${link}/`, `${link}/.`, `${link}//cache/..`]) {
      for (const verb of [["fix", "--yes"], ["init"]]) {
        const { status, stderr } = gomodcache([
          ...[...verb, "--cache-dir", cache, "--state-dir", scene.state, "--owner", `${attacker}`],
        ]);
        expect(status, stderr).toBe(1);
        expect(stderr).toContain(`is a symbolic link that user ${attacker} could point elsewhere`);
      }
    }
    expect(stateOf(scene.victim)).toEqual(before);
  });

  test("case 4: a link of root's in a directory of root's is followed", () => {
    const scene = makeScene();
    symlinkSync(scene.cache, join(scene.directory, "link"));
    const { status } = fix({ ...scene, cache: join(scene.directory, "link") });
    expect(status).toBe(0);
    expect(metadata(join(scene.versions, "list"))).toEqual({ uid: attacker, gid: attacker, mode: 0o644 });
  });

  test("case 5: a hard link to root's secret is refused", () => {
    const scene = makeScene();
    const before = stateOf(scene.victim);
    linkSync(join(scene.victim, "list"), join(scene.versions, "v2.0.0.zip"));
    const ran = fix(scene);
    expect(ran.status).toBe(1);
    expect(refusals(ran)).toEqual({ [join(scene.versions, "v2.0.0.zip")]: "hard-link" });
    // All names of the file are not in the cache, whatever is said.
    expect(refusals(fix(scene, ["--allow-hardlinks"]))).toEqual({ [join(scene.versions, "v2.0.0.zip")]: "hard-link" });
    expect(stateOf(scene.victim)).toEqual(before);
  });

  test("recipe 3c.5: where links are not protected, root's files are refused in directories that others write", () => {
    if (!setSysctl("fs/protected_hardlinks", "0")) return;
    const scene = makeScene();
    // In a directory that only root writes it cannot have come from elsewhere.
    const own = join(scene.cache, "example.com/b@v1.0.0");
    lay(own, { "b.go": { mode: 0o600 } }, 0);
    const ran = fix(scene);
    expect(ran.status).toBe(1);
    expect(refusals(ran)).toEqual({
      [join(scene.cache, "cache/lock")]: "linkable",
      [join(scene.cache, "example.com/a@v1.0.0/go.mod")]: "linkable",
    });
    expect(metadata(join(own, "b.go")).uid).toBe(attacker);
    const text = gomodcache(["fix", "--cache-dir", scene.cache, "--state-dir", scene.state, "--dry-run"]).stdout;
    expect(text).toContain("fs.protected_hardlinks=1");
    expect(fix(scene, ["--trust-tree"]).status).toBe(0);
    expect(metadata(join(scene.cache, "cache/lock")).uid).toBe(attacker);
  });

  test("case 7: a hard link to a third user's file is refused", () => {
    const scene = makeScene();
    const theirs = join(scene.victim, "theirs");
    writeFileSync(theirs, "theirs");
    chownSync(theirs, stranger, stranger);
    chmodSync(theirs, 0o600);
    const before = stateOf(scene.victim);
    linkSync(theirs, join(scene.versions, "v2.0.0.zip"));
    expect(refusals(fix(scene))).toEqual({ [join(scene.versions, "v2.0.0.zip")]: "foreign-owner" });
    expect(refusals(fix(scene, ["--from", `${stranger}`]))).toEqual({
      [join(scene.versions, "v2.0.0.zip")]: "hard-link",
    });
    expect(stateOf(scene.victim)).toEqual(before);
  });

  test("case 8: two names of one file, both in the cache: left alone, and changed when that is asked for", () => {
    const scene = makeScene();
    const [a, b] = [join(scene.versions, "v1.0.0.zip"), join(scene.versions, "v1.0.1.zip")];
    linkSync(a, b);
    expect(refusals(fix(scene))).toEqual({ [a]: "hard-link", [b]: "hard-link" });
    expect(metadata(a).mode).toBe(0o600);
    const ran = fix(scene, ["--allow-hardlinks"]);
    expect(metadata(a).mode).toBe(0o644);
    // The second name was the same file, changed meanwhile by the first; looking again finds nothing.
    expect(ran.document.applied?.failed).toBe(0);
    expect(fix(scene, ["--allow-hardlinks"]).status).toBe(0);
  });

  test("links in the cache are neither followed nor changed", () => {
    const scene = makeScene();
    const before = stateOf(scene.victim);
    symlinkSync(join(scene.victim, "list"), join(scene.versions, "v9.0.0.zip"));
    symlinkSync(scene.victim, join(scene.cache, "example.com/b@v1.0.0"));
    const ran = fix(scene);
    expect(refusals(ran)).toEqual({
      [join(scene.versions, "v9.0.0.zip")]: "symlink",
      [join(scene.cache, "example.com/b@v1.0.0")]: "symlink",
    });
    expect(lstatSync(join(scene.versions, "v9.0.0.zip")).uid).toBe(0);
    expect(stateOf(scene.victim)).toEqual(before);
  });
});

describeHostile("special entries", () => {
  test("case 13: pipes, sockets and devices are named and never opened", () => {
    const scene = makeScene();
    const [pipe, socket, device, zero] = ["pipe", "socket", "v2.0.0.zip", "v2.0.0.partial"].map((name) =>
      join(scene.versions, name),
    ) as [string, string, string, string];
    execFileSync("mkfifo", [pipe]);
    attack("socket", socket);
    execFileSync("mknod", [device, "b", "7", "200"]);
    attack("device", zero);
    const before = stateOf(pipe, socket, device, zero);
    const ran = fix(scene, [], { timeout: 20_000 });
    expect(ran.status).toBe(1);
    expect(Object.values(refusals(ran))).toEqual(Array(4).fill("special-file"));
    expect(stateOf(pipe, socket, device, zero)).toEqual(before);
  });

  test("case 13: a pipe as the root of the cache, and as cache/ in it", () => {
    const scene = makeScene();
    const pipe = join(scene.directory, "pipe");
    execFileSync("mkfifo", [pipe]);
    expect(fix({ ...scene, cache: pipe }, [], { timeout: 20_000 }).output).toContain("is not a directory");
    const odd = join(scene.directory, "odd");
    mkdirSync(odd);
    execFileSync("mkfifo", [join(odd, "cache")]);
    const { status, output } = fix({ ...scene, cache: odd }, [], { timeout: 20_000 });
    expect(status, output).toBe(1);
    expect(output).toContain("does not look like a module cache");
  });

  test("case 14: setuid and setgid files keep what they have, and so do capabilities where nothing departs", () => {
    const scene = makeScene();
    const [setuid, setgid, able, root] = ["suid.zip", "sgid.zip", "able.zip", "root.zip"].map((name) =>
      join(scene.versions, name),
    ) as [string, string, string, string];
    lay(scene.versions, {
      "suid.zip": { uid: 0, mode: 0o4755 },
      "sgid.zip": { uid: 0, mode: 0o2755 },
      "able.zip": { mode: 0o644 },
      "root.zip": { uid: 0, mode: 0o644 },
    });
    const capability = ["security.capability", `01000002${"00200000"}${"0".repeat(24)}`] as const;
    attack("xattr", able, ...capability);
    attack("xattr", root, ...capability);
    const before = stateOf(setuid, setgid, able);
    const ran = fix(scene);
    expect(refusals(ran)).toEqual({ [setuid]: "set-id", [setgid]: "set-id" });
    expect(stateOf(setuid, setgid, able)).toEqual(before);
    // The kernel drops capabilities from what changes its owner, and nothing arms it again, not even undo.
    expect(stateOf(root).join()).not.toContain("security.capability");
    gomodcache(["undo", "--state-dir", scene.state]);
    expect(stateOf(root).join()).not.toContain("security.capability");
    expect(metadata(root).uid).toBe(0);
  });

  test("case 20: immutable and append-only entries are named as what they are", () => {
    const scene = makeScene();
    const paths = {
      file: join(scene.versions, "v1.0.0.zip"),
      log: join(scene.versions, "v1.0.0.info"),
      directory: join(scene.cache, "example.com/a@v1.0.0"),
    };
    execFileSync("chattr", ["+i", paths.file, paths.directory]);
    execFileSync("chattr", ["+a", paths.log]);
    const before = stateOf(paths.file, paths.log);
    const ran = fix(scene, ["--contract", "group", "--group", "2001"]);
    const troubles = new Map(ran.document.applied?.troubles.map(({ path, reason }) => [path, reason]));
    expect(troubles.get(paths.file)).toContain("immutable");
    expect(troubles.get(paths.directory)).toContain("immutable");
    expect(troubles.get(paths.log)).toContain("append-only");
    expect(ran.status).toBe(4);
    expect(stateOf(paths.file, paths.log)).toEqual(before);
    // All others were changed.
    expect(metadata(join(scene.versions, "list")).mode).toBe(0o664);
    // ACLs fail in a program of their own, and the reason is the same.
    expect(metadata(join(scene.cache, "cache")).mode).toBe(0o2775);
  });

  test("case 22: directories that are setgid of the attacker's group lose that under the contract private", () => {
    const scene = makeScene();
    chownSync(scene.versions, attacker, neighbour);
    chmodSync(scene.versions, 0o2777);
    expect(fix(scene).status).toBe(0);
    expect(metadata(scene.versions)).toEqual({ uid: attacker, gid: neighbour, mode: 0o755 });
    const group = fix(scene, ["--contract", "group", "--group", `${attacker}`]);
    expect(group.status, group.output).toBe(0);
    expect(metadata(scene.versions)).toEqual({ uid: attacker, gid: attacker, mode: 0o2775 });
  });

  test("case 36: directories that an interrupted go clean left open to everybody are closed", () => {
    const scene = makeScene();
    const tree = join(scene.cache, "example.com/a@v1.0.0");
    chmodSync(tree, 0o777);
    chmodSync(join(scene.cache, "example.com"), 0o777);
    expect(fix(scene).status).toBe(0);
    expect(metadata(tree).mode).toBe(0o555);
    expect(metadata(join(scene.cache, "example.com")).mode).toBe(0o755);
  });
});

describeHostile("trees that are too large", () => {
  test("case 16: directories 20,000 deep are named and left, in bounded time and memory", () => {
    const scene = makeScene();
    makeDeep(join(scene.cache, "example.com"), 20_000);
    const { status, document, stderr } = fix(scene, [], { timeout: 60_000, through: ["prlimit", "--nofile=512"] });
    expect(status, stderr).toBe(3);
    expect(document.unseen.join()).toMatch(/entries that lie more than 256 directories deep/);
    expect(Buffer.byteLength(JSON.stringify(document.unseen))).toBeLessThan(20_000);
    expect(metadata(join(scene.versions, "list")).mode).toBe(0o644);
  });

  test("case 19: paths longer than PATH_MAX, within the depth that Go could have", () => {
    const scene = makeScene();
    const name = "n".repeat(250);
    // 30 directories of 250 bytes are 7,500 bytes of path.
    const script = `const fs = require("node:fs"); for (let at = 0; at < 30; at += 1) { fs.mkdirSync("${name}", 0o700); process.chdir("${name}"); } fs.mkdirSync("a@v1.0.0"); fs.writeFileSync("a@v1.0.0/a.go", "", { mode: 0o600 });`;
    execFileSync(process.execPath, ["-e", script], { cwd: join(scene.cache, "example.com") });
    const first = fix(scene, [], { timeout: 60_000 });
    // The root's own entries become the user's, below any length of path.
    const deepest = `let at = 0; const fs = require("node:fs"); for (; at < 30; at += 1) process.chdir("${name}"); console.log(JSON.stringify([fs.lstatSync(".").uid, fs.lstatSync("a@v1.0.0/a.go").uid, fs.lstatSync("a@v1.0.0/a.go").mode & 0o777]));`;
    const at = join(scene.cache, "example.com");
    const seen = execFileSync(process.execPath, ["-e", deepest], { cwd: at, encoding: "utf8" });
    expect(JSON.parse(seen), first.output).toEqual([attacker, attacker, 0o444]);
    expect(first.document.applied?.failed).toBe(0);
    const undone = gomodcache(["undo", "--state-dir", scene.state]);
    expect(undone.status, undone.output).toBe(0);
    const back = execFileSync(process.execPath, ["-e", deepest], { cwd: at, encoding: "utf8" });
    expect(JSON.parse(back)).toEqual([0, 0, 0o600]);
  });

  test(`case 17: a directory of ${crowd.toLocaleString("en")} entries, in bounded memory`, () => {
    const scene = makeScene();
    const script = `const fs = require("node:fs"); for (let at = 0; at < ${crowd}; at += 1) fs.writeFileSync("v1.0." + at + ".info", "{}");`;
    execFileSync(process.execPath, ["-e", script], { cwd: scene.versions });
    const started = Date.now();
    const ran = spawnSync(
      process.execPath,
      [
        "--max-old-space-size=1024",
        join(import.meta.dirname, "../../dist/cli.js"),
        ...[
          "fix",
          "--cache-dir",
          scene.cache,
          "--state-dir",
          scene.state,
          "--yes",
          "--quiet",
          "--owner",
          `${attacker}`,
        ],
      ],
      { encoding: "utf8", cwd: "/" },
    );
    expect(ran.status, ran.stderr).toBe(0);
    console.log(`case 17: ${crowd} entries were repaired in ${Date.now() - started} ms`);
    expect(metadata(join(scene.versions, `v1.0.${crowd - 1}.info`)).uid).toBe(attacker);
    // The journal of so many entries is read and carried out in bounded memory too; it takes as long again.
    if (crowd === 100_000) return;
    const undone = gomodcache(["undo", "--quiet", "--state-dir", scene.state], { timeout: 600_000 });
    expect(undone.status, undone.stderr).toBe(0);
    expect(metadata(join(scene.versions, `v1.0.${crowd - 1}.info`)).uid).toBe(0);
  });
});

describeHostile("case 18: names", () => {
  const odd: readonly Buffer[] = [
    Buffer.from([0x76, 0xff, 0xfe, 0x2e, 0x7a, 0x69, 0x70]),
    Buffer.from("new\nline"),
    Buffer.from("\x1b[31mred\x1b]0;title\x07"),
    Buffer.from("\n::error::injected"),
    Buffer.from("::error file=a::injected"),
    Buffer.from("n".repeat(255)),
    Buffer.from("-rf"),
    Buffer.from("$(touch pwned)"),
    Buffer.from("`touch pwned`; touch pwned"),
    Buffer.from("\u202egpj.exe"),
    Buffer.from("\ufffd"),
    Buffer.concat([Buffer.from("\n"), Buffer.from([0xff])]),
    Buffer.from("tab\tquote\"back\\slash'"),
    Buffer.from(" "),
    Buffer.from("\u0085\u2028\u2029"),
  ];
  const pathOf = (directory: string, name: Buffer): Buffer => Buffer.concat([Buffer.from(`${directory}/`), name]);

  function scene() {
    const made = makeScene();
    for (const [at, name] of odd.entries()) {
      const directory = join(made.cache, `example.com/odd@v1.0.${at}`);
      mkdirSync(directory);
      writeFileSync(pathOf(directory, name), "", { mode: 0o600 });
      mkdirSync(pathOf(join(made.cache, "example.com"), name));
    }
    return made;
  }

  test("are repaired, journalled and given back, whatever bytes they have", () => {
    const made = scene();
    const before = stateOf(made.cache);
    const ran = fix(made);
    expect(ran.status, ran.document.unseen?.join()).toBe(0);
    for (const [at, name] of odd.entries()) {
      const { uid, mode } = lstatSync(pathOf(join(made.cache, `example.com/odd@v1.0.${at}`), name));
      expect([uid, mode & 0o777], show(name)).toEqual([attacker, 0o444]);
    }
    expect(existsSync("/pwned")).toBe(false);
    expect(gomodcache(["undo", "--state-dir", made.state]).status).toBe(0);
    expect(stateOf(made.cache)).toEqual(before);
  });

  test("are repaired with ACLs, and given back", () => {
    const made = scene();
    const before = stateOf(made.cache);
    const ran = fix(made, ["--contract", "group", "--group", `${attacker}`]);
    expect(ran.status, ran.output).toBe(0);
    const undone = gomodcache(["undo", "--state-dir", made.state]);
    expect(undone.status, undone.output).toBe(0);
    expect(stateOf(made.cache)).toEqual(before);
  });

  test("do nothing to a terminal, to a CI's log or to a shell", () => {
    const made = scene();
    // Entries that stay are the ones that are named.
    for (const [at, name] of odd.entries())
      linkSync(
        pathOf(join(made.cache, `example.com/odd@v1.0.${at}`), name),
        pathOf(join(made.directory, "victim"), name),
      );
    const common = ["--cache-dir", made.cache, "--state-dir", made.state, "--owner", `${attacker}:${attacker}`];
    const outputs = [
      gomodcache(["fix", "--dry-run", "--verbose", ...common]),
      gomodcache(["fix", "--yes", "--verbose", ...common], { env: { GITHUB_ACTIONS: "true" } }),
      gomodcache(["fix", "--dry-run", "--json", ...common]),
      gomodcache(["undo", "--verbose", "--state-dir", made.state]),
      gomodcache(["undo", "--list", "--state-dir", made.state]),
    ];
    for (const { output, status } of outputs) {
      expect([0, 1, 3], output).toContain(status);
      expect(output).not.toMatch(/^::/m);
      expect(output).not.toContain("\x1b");
      expect(output).not.toContain("\u202e");
    }
    const commands = gomodcache(["fix", "--print-commands", ...common]).stdout;
    const shell = spawnSync("sh", ["-ec", commands], { cwd: made.directory, encoding: "latin1" });
    expect(shell.stderr).toBe("");
    expect(readdirSync(made.directory)).not.toContain("pwned");
    const left = gomodcache(["fix", "--dry-run", ...common]).stdout;
    // What no script can name safely is said to be missing from it, and nothing else is.
    const missing = commands.split("\n").filter((line) => line.startsWith("# not in this script")).length;
    expect(missing).toBeGreaterThan(0);
    expect(left).toContain(`Would change ${missing} of`);
  });
});

function show(name: Buffer): string {
  return JSON.stringify(name.toString("latin1"));
}

describeHostile("case 37: names that differ in case only", () => {
  test("on a file system that tells them apart, each is an entry of its own", () => {
    const scene = makeScene();
    lay(scene.cache, {
      "github.com/!azure/a@v1.0.0/a.go": { mode: 0o600 },
      "github.com/Azure/a@v1.0.0/a.go": { mode: 0o600 },
      "github.com/azure/a@v1.0.0/a.go": { mode: 0o600 },
    });
    expect(fix(scene).status).toBe(0);
    for (const name of ["!azure", "Azure", "azure"])
      expect(metadata(join(scene.cache, `github.com/${name}/a@v1.0.0/a.go`)).mode).toBe(0o444);
  });
});

describeHostile("case 23: what is replaced between plan and apply", () => {
  test("a plan file is refused as soon as one of its entries is another file, or was touched", () => {
    const scene = makeScene();
    const plan = join(scene.directory, "plan.json");
    const make = () =>
      gomodcache([...["fix", "--cache-dir", scene.cache, "--owner", `${attacker}:${attacker}`], "--plan-out", plan]);
    const carry = () => gomodcache(["fix", "--plan", plan, "--yes", "--state-dir", scene.state]);
    const victim = join(scene.versions, "v1.0.0.zip");
    const changes: (() => void)[] = [
      () => {
        writeFileSync(`${victim}.new`, "another", { mode: 0o600 });
        chownSync(`${victim}.new`, attacker, attacker);
        renameSync(`${victim}.new`, victim);
      },
      () => chmodSync(victim, 0o600),
      () => chmodSync(victim, 0o640),
    ];
    for (const change of changes) {
      expect(make().status).toBe(0);
      change();
      const before = stateOf(scene.cache);
      const ran = carry();
      expect(ran.status, ran.output).toBe(1);
      expect(ran.stderr).toContain("the plan is stale or was edited");
      expect(stateOf(scene.cache)).toEqual(before);
    }
    expect(make().status).toBe(0);
    expect(carry().status).toBe(0);
    expect(fix(scene).document.applied?.changed).toBe(0);
  });
});
