// Other file systems in, around and below the cache, and file systems that refuse.

import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, chownSync, mkdirSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { command } from "../e2e/program.ts";
import { bundleCode } from "../init/bundle.ts";
import {
  type Arena,
  attacker,
  attackProgram,
  describeHostile,
  fix,
  gomodcache,
  inMounts,
  lay,
  machineCan,
  makeScene,
  metadata,
  neighbour,
  stateOf,
} from "./arena.ts";

/** errno of asm-generic/errno*.h. */
const errnos = { EPERM: 1, EROFS: 30, EDQUOT: 122, ENOSPC: 28, ESTALE: 116 } as const;

/** Where the program is in the cache: it is on the root's own file system. */
const device = (path: string): number => statSync(path).dev;

const canMount = machineCan("mounts in a namespace of its own", "mount --bind /etc /mnt");
const canOverlay =
  canMount &&
  machineCan(
    "overlayfs",
    "mount -t tmpfs t /mnt; mkdir /mnt/l /mnt/u /mnt/w /mnt/m; mount -t overlay o -o lowerdir=/mnt/l,upperdir=/mnt/u,workdir=/mnt/w /mnt/m",
  );
const canFuse = canMount && machineCan("FUSE", "test -c /dev/fuse && grep -q fuse /proc/filesystems");
const canAutofs = canMount && machineCan("autofs", "grep -q autofs /proc/filesystems");
const canUserns = machineCan("user namespaces", "unshare -U -r true");

if (canMount)
  describeHostile("mounts in the cache", () => {
    test("case 9: a bind mount of the victim, whose st_dev is the cache's, is neither entered nor changed", () => {
      const scene = makeScene();
      const at = join(scene.cache, "example.com/bound");
      mkdirSync(at);
      const before = stateOf(scene.victim);
      expect(device(scene.victim)).toBe(device(scene.cache));
      const through = inMounts(`mount --bind ${scene.victim} ${at}`);
      const ran = fix(scene, [], { through });
      expect(ran.status).toBe(3);
      expect(ran.document.unseen).toEqual([`${at}: another file system, left out`]);
      // An attacker who may not mount gets one mounted later: the plan is made before, and carried out after.
      const plan = join(scene.directory, "plan.json");
      lay(at, Object.fromEntries(readdirSync(scene.victim).map((name) => [name, { uid: 0, mode: 0o600 }])));
      gomodcache(["fix", "--cache-dir", scene.cache, "--owner", `${attacker}:${attacker}`, "--plan-out", plan]);
      const late = gomodcache(["fix", "--plan", plan, "--yes", "--state-dir", scene.state], { through });
      expect(late.status, late.output).toBe(1);
      expect(stateOf(scene.victim)).toEqual(before);
    });

    test("case 9: a file of the victim bound over a file of the cache", () => {
      const scene = makeScene();
      const at = join(scene.versions, "v1.0.0.zip");
      const before = stateOf(scene.victim);
      const ran = fix(scene, [], { through: inMounts(`mount --bind ${join(scene.victim, "v1.0.0.zip")} ${at}`) });
      expect(ran.document.unseen).toEqual([`${at}: another file system, left out`]);
      expect(ran.document.plan.map(({ path }) => path)).not.toContain(at);
      expect(stateOf(scene.victim)).toEqual(before);
    });

    test("case 9: undo does not reach into what was mounted since the run", () => {
      const scene = makeScene();
      const at = join(scene.versions, "v1.0.0.zip");
      expect(fix(scene).status).toBe(0);
      // The victim gets the inode that the journal knows, seen through another mount.
      execFileSync("sh", ["-ec", `chown 0:0 ${scene.victim}`]);
      const ran = gomodcache(["undo", "--state-dir", scene.state], {
        through: inMounts(`mount --bind ${scene.versions} ${join(scene.cache, "example.com/a@v1.0.0")}
          mount --bind ${at} ${at}`),
      });
      expect(ran.status, ran.output).toBe(1);
      const told = ran.output.replace(/\s+/g, " ");
      expect(told).toContain("something is mounted there");
      expect(told).toContain("another file system is mounted on a@v1.0.0");
      expect(metadata(at)).toEqual({ uid: attacker, gid: attacker, mode: 0o644 });
      expect(metadata(join(scene.versions, "list")).mode).toBe(0o600);
    });

    test("case 10: a tmpfs in the cache is left out", () => {
      const scene = makeScene();
      const at = join(scene.cache, "example.com/sub");
      mkdirSync(at);
      const out = join(scene.directory, "out");
      const ran = fix(scene, [], {
        through: inMounts(
          `mount -t tmpfs t ${at}; touch ${at}/file; chmod 600 ${at}/file`,
          `stat -c %u:%a ${at}/file > ${out}`,
        ),
      });
      expect(ran.document.unseen).toEqual([`${at}: another file system, left out`]);
      expect(readFileSync(out, "utf8")).toBe("0:600\n");
    });

    test("bad input: a cache on a read-only mount changes nothing and says why", () => {
      const scene = makeScene();
      const before = stateOf(scene.cache);
      const through = inMounts(`mount --bind ${scene.cache} ${scene.cache}; mount -o remount,ro,bind ${scene.cache}`);
      const ran = fix(scene, [], { through });
      expect(ran.status, ran.output).toBe(1);
      expect(new Set(ran.document.applied?.troubles.map(({ reason }) => reason))).toEqual(
        new Set(["the file system is read-only"]),
      );
      expect(ran.document.applied?.changed).toBe(0);
      const made = gomodcache(["init", "--cache-dir", join(scene.cache, "new/cache"), "--state-dir", scene.state], {
        through,
      });
      expect(made.status).toBe(1);
      expect(made.stderr).toContain("the file system is read-only");
      expect(stateOf(scene.cache)).toEqual(before);
    });

    test("bad input: a state directory on a full file system stops the run before anything is changed", () => {
      const scene = makeScene();
      mkdirSync(scene.state, { mode: 0o700 });
      const before = stateOf(scene.cache);
      for (const size of ["0", "1", "2"]) {
        // A tmpfs of five pages, of which none to two are free.
        const through = inMounts(
          `mount -t tmpfs -o size=20k,mode=700 t ${scene.state}; head -c $(((5 - ${size}) * 4096)) /dev/zero > ${scene.state}/ballast`,
        );
        const ran = gomodcache(
          [
            ...["fix", "--cache-dir", scene.cache, "--state-dir", scene.state, "--yes"],
            ...["--owner", `${attacker}:${attacker}`],
          ],
          { through },
        );
        if (size === "2") {
          expect(ran.status, ran.output).toBe(0);
          continue;
        }
        expect(ran.status, ran.output).toBe(1);
        expect(ran.stderr).toMatch(/(journal cannot be written|no lock can be made).*ENOSPC/s);
        expect(stateOf(scene.cache)).toEqual(before);
      }
    });

    test("bad input: a journal that outgrows its file system half-way leaves only what undo can take back", () => {
      const scene = makeScene();
      // Two directories of a part each: the journal of the first fits, and that of the second does not.
      for (const module of ["a", "b"]) {
        const files = Array.from({ length: 4_100 }, (_, at) => [
          `v1.${at}.0.info`,
          { uid: 0, mode: 0o600, text: "{}" },
        ]);
        lay(join(scene.cache, `cache/download/example.com/${module}/@v`), Object.fromEntries(files));
      }
      mkdirSync(scene.state, { mode: 0o700 });
      const before = stateOf(scene.cache);
      const [middle, undone] = [join(scene.directory, "middle"), join(scene.directory, "undone")];
      const after = `${attackProgram()} dump ${scene.cache} | sort > ${middle}
        mount -o remount,size=20m ${scene.state}
        ${command.join(" ")} undo --state-dir ${scene.state} > ${undone} 2>&1
        echo "undo $?" >> ${undone}`;
      const ran = gomodcache(
        [
          ...["fix", "--cache-dir", scene.cache, "--state-dir", scene.state, "--yes"],
          ...["--owner", `${attacker}:${attacker}`],
        ],
        { through: inMounts(`mount -t tmpfs -o size=300k,mode=700 t ${scene.state}`, after) },
      );
      expect(ran.status, ran.output).toBe(1);
      expect(ran.stderr).toContain("the journal cannot be written (ENOSPC)");
      expect(
        readFileSync(middle, "latin1")
          .split("\n")
          .filter((line) => !before.includes(line)).length,
      ).toBeGreaterThan(1_000);
      expect(readFileSync(undone, "utf8")).toMatch(/undo 0\n$/);
      expect(stateOf(scene.cache)).toEqual(before);
    });
  });

if (canOverlay)
  describeHostile("overlayfs", () => {
    const mounted = (scene: Arena, size: string): string => `
      mount -t tmpfs -o size=${size} t ${scene.directory}/upper
      mkdir ${scene.directory}/upper/u ${scene.directory}/upper/w
      mount -t overlay o -o lowerdir=${scene.directory}/lower,upperdir=${scene.directory}/upper/u,workdir=${scene.directory}/upper/w ${scene.cache}`;

    function makeLower(scene: Arena): void {
      for (const name of ["lower", "upper"]) mkdirSync(join(scene.directory, name));
      lay(join(scene.directory, "lower"), {
        "cache/download/example.com/a/@v/list": {},
        "cache/download/example.com/a/@v/v1.0.0.zip": { uid: 0, mode: 0o600, text: "z".repeat(600_000) },
        "cache/download/example.com/a/@v/v1.1.0.zip": { uid: 0, mode: 0o600, text: "z".repeat(600_000) },
      });
      chownSync(join(scene.directory, "lower"), attacker, attacker);
    }

    test("case 25: a file that cannot be copied up, since the upper layer is full, is named; the rest is done", () => {
      const scene = makeScene();
      makeLower(scene);
      const lower = stateOf(join(scene.directory, "lower"));
      const ran = fix(scene, [], { through: inMounts(mounted(scene, "800k")) });
      expect(ran.status, ran.output).toBe(1);
      const { changed, failed, troubles } = ran.document.applied ?? { changed: 0, failed: 0, troubles: [] };
      expect(changed).toBeGreaterThan(0);
      expect(failed).toBe(1);
      expect(troubles[0]).toMatchObject({ code: "ENOSPC", reason: "the file system is full" });
      expect(stateOf(join(scene.directory, "lower"))).toEqual(lower);
    });

    test("case 10: nothing is copied up where nothing is wrong", () => {
      const scene = makeScene();
      makeLower(scene);
      execFileSync("sh", [
        "-ec",
        `chown -R ${attacker}:${attacker} ${scene.directory}/lower; chmod -R u=rwX,go=rX ${scene.directory}/lower`,
      ]);
      const out = join(scene.directory, "out");
      const ran = fix(scene, [], {
        through: inMounts(mounted(scene, "4m"), `find ${scene.directory}/upper/u -type f > ${out}`),
      });
      expect(ran.status, ran.output).toBe(0);
      expect(readFileSync(out, "utf8")).toBe("");
    });
  });

/** Looks at a cache as `fix` does. At the first sign of progress something is mounted that the walk will come to. */
const surveyingAmidMount = `
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { openWorld, readFacts } from "/src/host/facts.ts";
import { openCache, planRepair } from "/src/fix/repair.ts";
const [cache, at, attack, options] = process.argv.slice(2);
const uid = ${attacker};
const facts = readFacts({ environment: {}, directory: "/", cacheDirectory: cache, who: uid + ":" + uid }, openWorld());
const contract = { name: "private", uid, gid: uid, umask: 0o022 };
const isMounted = () => readFileSync("/proc/self/mountinfo", "utf8").includes(at);
let mounting = false;
const onProgress = () => {
  if (mounting) return;
  mounting = true;
  spawn(attack, ["silent", at, String(uid), options, "--", "sleep", "50"], { stdio: "ignore", detached: true });
  while (!isMounted());
  console.log("mounted");
};
const { unseen } = await planRepair(openCache(cache, { facts, homes: [] }), contract, facts, { deep: true, readAcls: false, everyAcl: false, contents: false, onProgress });
console.log("went through: " + unseen.join());
process.exit();
`;

if (canFuse)
  describeHostile("case 11: FUSE", () => {
    // `allow_other` makes root's calls wait for an answer that never comes; without it root is refused at once.
    test.each(["", ",allow_other"])("a mount%s of the attacker's that never answers does not stop a run", (options) => {
      const scene = makeScene();
      const at = join(scene.cache, "example.com/silent");
      mkdirSync(at);
      chownSync(at, attacker, attacker);
      const through = ["unshare", "-m", attackProgram(), "silent", at, `${attacker}`, options, "--"];
      for (const verb of [["fix", "--yes"], ["init", "--deep"], ["doctor"]]) {
        const where = verb[0] === "doctor" ? [] : ["--state-dir", scene.state, "--owner", `${attacker}:${attacker}`];
        const { status, output } = gomodcache([...verb, "--cache-dir", scene.cache, ...where], {
          through,
          timeout: 40_000,
        });
        expect([0, 1, 3], output).toContain(status);
        if (verb[0] === "fix") expect(output).toContain(`${at}: another file system, left out`);
      }
    });

    test("a file of the cache below such a mount does not stop a run", () => {
      const scene = makeScene();
      const at = join(scene.versions, "v1.0.0.zip");
      const through = ["unshare", "-m", attackProgram(), "silent", at, `${attacker}`, ",allow_other", "--"];
      const ran = fix(scene, [], { through, timeout: 40_000 });
      expect(ran.status, ran.output).toBe(3);
      expect(ran.document.unseen).toEqual([`${at}: another file system, left out`]);
      expect(metadata(join(scene.versions, "list")).mode).toBe(0o644);
    });

    test("such a mount that comes while the cache is walked ends the run, and says why", () => {
      const scene = makeScene();
      // The walk comes to cache/ last, and to this mount when it has gone on for long.
      for (let at = 0; at < 3_000; at += 1) mkdirSync(join(scene.cache, `example.com/many${at}`));
      const at = join(scene.cache, "cache/download/example.com/silent");
      mkdirSync(at);
      mkdirSync(join(scene.directory, "tree"));
      bundleCode('import "/src/tree/watch-worker.ts";', join(scene.directory, "tree/watch-worker.js"));
      const surveying = bundleCode(surveyingAmidMount, join(scene.directory, "surveying.mjs"));
      const args = [surveying, scene.cache, at, attackProgram(), ",allow_other"];
      const { signal, stdout, stderr } = spawnSync("unshare", ["-m", process.execPath, ...args], {
        encoding: "utf8",
        timeout: 60_000,
        killSignal: "SIGTERM",
      });
      expect(stdout).toBe("mounted\n");
      expect(stderr).toContain(`${at} (fuse) does not answer within 3 s: it was mounted while the cache was looked at`);
      expect(signal).toBe("SIGKILL");
    });

    test("a whole cache on such a mount ends in an error, not in waiting", () => {
      const scene = makeScene();
      const through = ["unshare", "-m", attackProgram(), "silent", scene.cache, `${attacker}`, ",allow_other", "--"];
      const ran = fix(scene, [], { through, timeout: 40_000 });
      expect(ran.signal, ran.output).toBe(null);
      expect([1, 3], ran.output).toContain(ran.status);
    });
  });

if (canAutofs)
  describeHostile("case 12: autofs", () => {
    test("a trigger in the cache is not triggered", () => {
      const scene = makeScene();
      const at = join(scene.cache, "example.com/auto");
      mkdirSync(at);
      const through = ["unshare", "-m", attackProgram(), "autofs", at, "--"];
      for (const verb of [["fix", "--yes", "--state-dir", scene.state], ["doctor"]]) {
        const { output, status } = gomodcache([...verb, "--cache-dir", scene.cache], { through, timeout: 40_000 });
        expect(output).toContain("autofs: quiet");
        expect([0, 1, 3], output).toContain(status);
      }
      // The control: looking into it does trigger.
      const control = spawnSync("unshare", ["-m", attackProgram(), "autofs", at, "--", "ls", at], { encoding: "utf8" });
      expect(control.stdout).toContain("autofs: triggered");
    });
  });

describeHostile("file systems that refuse", () => {
  test.each([
    ["case 25: a read-only remount during the run", "EROFS", "the file system is read-only", 1],
    ["case 25: a quota that is used up", "EDQUOT", "the quota of its owner is used up", 1],
    ["case 25: a file system that is full", "ENOSPC", "the file system is full", 1],
    ["case 26: a stale handle", "ESTALE", "the file server has no such file any more", 1],
    ["case 30: NFS with root_squash", "EPERM", "only its owner or root may change it", 4],
  ] as const)("%s: %s is told, and nothing is half done", (_, name, reason, expected) => {
    const scene = makeScene();
    mkdirSync(scene.state, { mode: 0o700 });
    const before = stateOf(scene.cache);
    const through = [attackProgram(), "refuse", `${errnos[name]}`, "chown,chmod", "--"];
    const ran = fix(scene, [], { through });
    expect(ran.status, ran.output).toBe(expected);
    expect(ran.document.applied?.changed).toBe(0);
    for (const trouble of ran.document.applied?.troubles ?? []) {
      expect(trouble.code).toBe(name);
      expect(trouble.reason).toContain(reason);
    }
    expect(stateOf(scene.cache)).toEqual(before);
  });

  test("a chown that is refused after the mode was lowered leaves nothing more open, and undo gives the mode back", () => {
    const scene = makeScene();
    const file = join(scene.cache, "example.com/a@v1.0.0/other.go");
    lay(join(file, ".."), { "other.go": { uid: 0, gid: 0, mode: 0o664 } });
    const before = stateOf(scene.cache);
    const ran = fix(scene, [], { through: [attackProgram(), "refuse", "1", "chown", "--"] });
    expect(ran.status).toBe(4);
    expect(metadata(file)).toEqual({ uid: 0, gid: 0, mode: 0o444 });
    expect(gomodcache(["undo", "--state-dir", scene.state]).status).toBe(0);
    expect(stateOf(scene.cache)).toEqual(before);
  });

  test("case 31: a file system that accepts changes and does not keep them, as drvfs without metadata", () => {
    const scene = makeScene();
    const before = stateOf(scene.cache);
    const ran = fix(scene, [], { through: [attackProgram(), "refuse", "0", "chown,chmod", "--"] });
    expect(ran.status).toBe(1);
    expect(ran.document.applied?.changed).toBe(0);
    expect(ran.document.applied?.troubles[0]?.reason).toContain("this file system does not keep it");
    expect(stateOf(scene.cache)).toEqual(before);
  });
});

if (canUserns)
  describeHostile("case 29: user namespaces", () => {
    test("owners that the namespace does not have are refused, and so is an owner-to-be", () => {
      const scene = makeScene();
      chmodSync(scene.directory, 0o755);
      chownSync(join(scene.versions, "list"), neighbour, neighbour);
      // The namespace has root, who is nobody else outside.
      execFileSync("sh", [
        "-ec",
        `chown -R 0:0 ${scene.directory}/home; chown ${neighbour}:${neighbour} ${scene.versions}/list`,
      ]);
      const before = stateOf(join(scene.versions, "list"));
      const through = ["unshare", "-U", "--map-root-user"];
      const ran = fix(scene, ["--owner", "0:0"], { through });
      expect(ran.document.refused).toEqual([
        { path: join(scene.versions, "list"), reason: "unmapped-owner", uid: 65534 },
      ]);
      const other = gomodcache(
        ["fix", "--cache-dir", scene.cache, "--state-dir", scene.state, "--yes", "--owner", "4000:4000", "--json"],
        { through },
      );
      expect([1, 4], other.output).toContain(other.status);
      expect(other.output).toMatch(/this user namespace has no such user or group|beyond/);
      expect(stateOf(join(scene.versions, "list"))).toEqual(before);
    });
  });

if (canMount)
  describeHostile("case 32: what the program itself needs", () => {
    const clearly = (scene: Arena, through: string[]) => {
      const before = stateOf(scene.cache);
      const ran = gomodcache(
        [
          ...["fix", "--cache-dir", scene.cache, "--state-dir", scene.state, "--yes"],
          ...["--owner", `${attacker}:${attacker}`],
        ],
        { through },
      );
      expect([1, 2, 3, 4], ran.output).toContain(ran.status);
      expect(ran.output).not.toContain("internal error");
      expect(stateOf(scene.cache)).toEqual(before);
      return ran;
    };

    test("without /proc nothing is changed, and it says what is missing", () => {
      const scene = makeScene();
      const script = "mount -t tmpfs t /proc";
      expect(clearly(scene, inMounts(script)).output).toContain("/proc");
    });

    // Node reads all modules that a command imports at once, some 60, and has some 25 of its own.
    test("with 96 descriptors everything is done all the same", () => {
      const scene = makeScene();
      const names = Array.from({ length: 300 }, (_, at) => [`example.com/m${at}@v1.0.0/a.go`, { uid: 0, mode: 0o600 }]);
      lay(scene.cache, Object.fromEntries(names));
      const before = stateOf(scene.cache);
      const through = ["prlimit", "--nofile=96:96"];
      const ran = fix(scene, ["--contract", "group", "--group", `${attacker}`], { through });
      expect(ran.status, ran.output).toBe(0);
      expect(metadata(join(scene.cache, "example.com/m299@v1.0.0"))).toEqual({
        uid: attacker,
        gid: attacker,
        mode: 0o2555,
      });
      const undone = gomodcache(["undo", "--state-dir", scene.state], { through });
      expect(undone.status, undone.output).toBe(0);
      expect(stateOf(scene.cache)).toEqual(before);
    });

    test("a journal that may not grow (RLIMIT_FSIZE): nothing is changed", () => {
      const scene = makeScene();
      for (const size of [0, 100, 1_000]) {
        const { output, status } = clearly(scene, ["prlimit", `--fsize=${size}`]);
        expect(status, output).toBe(1);
        expect(output).toMatch(/EFBIG/);
      }
    });

    test("root without capabilities: nothing is changed, exit 4, and the command for somebody who may", () => {
      const scene = makeScene();
      const ran = clearly(scene, ["setpriv", "--bounding-set=-all", "--inh-caps=-all"]);
      expect(ran.status).toBe(4);
      expect(ran.output).toContain("administrator");
    });

    test("root with CAP_CHOWN alone changes only what that allows", () => {
      const scene = makeScene();
      const through = ["setpriv", "--bounding-set=-all,+chown", "--inh-caps=-all"];
      const ran = fix(scene, [], { through });
      expect([1, 3, 4], ran.output).toContain(ran.status);
      const again = fix(scene);
      expect(again.status).toBe(0);
      expect(metadata(join(scene.versions, "list"))).toEqual({ uid: attacker, gid: attacker, mode: 0o644 });
    });
  });
