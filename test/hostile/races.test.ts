// Races: an attacker exchanges entries for as long as root repairs. The same attack defeats a walker that trusts paths.
import { chmodSync, chownSync, lchownSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import {
  type Arena,
  attacker,
  describeHostile,
  fix,
  gomodcache,
  lay,
  makeScene,
  makeVictim,
  names,
  neighbour,
  setSysctl,
  startAttack,
  stateOf,
  stop,
} from "./arena.ts";
import { raceSeconds, repairFor, walkCarelessly } from "./race.ts";

/** How long the built program is started again and again, of the time that an attack lasts. */
const ofSpawns = 0.4;

/** Starts the built program again and again. @returns how often */
function runFor(seconds: number, scene: Arena, more: readonly string[] = []): number {
  let runs = 0;
  for (const end = Date.now() + seconds * 1000; Date.now() < end; runs += 1) {
    const contract = runs % 2 === 0 ? "022" : "027";
    const [verb, ...rest] = runs % 3 === 2 ? ["init", "--deep"] : ["fix", "--yes"];
    const { status, output } = gomodcache([
      ...[verb as string, ...rest, "--cache-dir", scene.cache, "--state-dir", scene.state, "--umask", contract],
      ...["--owner", `${attacker}:${attacker}`, ...more],
    ]);
    // 70 would be a crash, and null a hang.
    expect([0, 1, 3, 4], output).toContain(status);
  }
  return runs;
}

interface Race {
  readonly title: string;
  /** Makes what is needed. @returns the arguments of the attack */
  readonly prepare: (scene: Arena) => string[];
  readonly from?: readonly number[];
  /** What the careless walker is started on, and what it may hit; without it there is no control. */
  readonly tree?: (scene: Arena) => string;
  readonly prey: (scene: Arena) => string[];
  /** Protected by this setting of the kernel, which is switched off. */
  readonly sysctl?: string;
}

function link(target: string, path: string): void {
  symlinkSync(target, path);
  lchownSync(path, attacker, attacker);
}

const races: Race[] = [
  {
    title: "case 1: a directory exchanged with a link to the victim",
    prepare: ({ versions, victim }) => {
      const other = join(versions, "../swap");
      link(victim, other);
      return ["exchange", versions, other];
    },
    prey: ({ victim }) => names.map((name) => join(victim, name)),
  },
  {
    title: "case 2: a file exchanged with a link to the victim's",
    prepare: ({ versions, victim }) => {
      link(join(victim, "v1.0.0.zip"), join(versions, "swap"));
      return ["exchange", join(versions, "v1.0.0.zip"), join(versions, "swap")];
    },
    prey: ({ victim }) => [join(victim, "v1.0.0.zip")],
  },
  {
    title: "case 3: a parent of the cache exchanged with a link to a tree of root's",
    prepare: ({ directory, victim }) => {
      lay(join(directory, "root/mod"), { "cache/download/example.com/a/@v/list": { mode: 0o600 } }, 0);
      // The tree that the link leads to holds the victim, so that one state tells of both.
      renameSync(join(directory, "root"), join(victim, "root"));
      link(join(victim, "root"), join(directory, "home/swap"));
      return ["exchange", join(directory, "home/go"), join(directory, "home/swap")];
    },
    prey: ({ victim }) => [join(victim, "root/mod/cache/download/example.com/a/@v/list")],
  },
  {
    title: "case 6: hard links that come and go, to a file of root's",
    prepare: ({ versions, victim }) => {
      lay(versions, { own: {} });
      return ["relink", join(victim, "v1.0.0.info"), join(versions, "own"), join(versions, "v1.0.0.mod")];
    },
    prey: ({ victim }) => [join(victim, "v1.0.0.info")],
    sysctl: "fs/protected_hardlinks",
  },
  {
    title: "case 7: hard links that come and go, to a file of a user whose entries may be taken over",
    prepare: ({ versions, victim }) => {
      lay(versions, { own: {} });
      const prey = join(victim, "neighbours");
      writeFileSync(prey, "theirs");
      chownSync(prey, neighbour, neighbour);
      chmodSync(prey, 0o600);
      return ["relink", prey, join(versions, "own"), join(versions, "v1.0.0.mod")];
    },
    from: [neighbour],
    prey: ({ victim }) => [join(victim, "neighbours")],
    sysctl: "fs/protected_hardlinks",
  },
];

describeHostile("races against root", () => {
  test.each(races)("$title", async ({ title, prepare, prey, sysctl, from = [] }) => {
    if (sysctl !== undefined && !setSysctl(sysctl, "0")) return;
    const scene = makeScene();
    const args = prepare(scene);
    const before = stateOf(scene.victim);
    const child = await startAttack(attacker, ...args);
    onTestFinished(() => stop(child));
    const rounds = await repairFor(raceSeconds * (1 - ofSpawns), scene.cache, scene.directory, from.join());
    const runs = runFor(raceSeconds * ofSpawns, scene, from.length > 0 ? ["--from", from.join()] : []);
    expect(stateOf(scene.victim)).toEqual(before);
    // A repair that changes nothing proves nothing.
    expect(rounds.changed, JSON.stringify(rounds)).toBeGreaterThan(0);
    expect(runs).toBeGreaterThan(0);
    const careless = await walkCarelessly(raceSeconds, scene.cache, prey(scene));
    const { rounds: number, changed, skipped, refusals } = rounds;
    console.log(
      `${title}: ${number} rounds changed ${changed} and skipped ${skipped} entries, refused ${refusals} times; ${runs} runs of the program; ` +
        (careless.hit
          ? `a walker by paths hit the victim in round ${careless.rounds}, after ${careless.milliseconds} ms`
          : `the control was NOT hit in ${careless.rounds} rounds: this attack proves little here`),
    );
  });

  test("case 15: a directory moved out of the tree and back while it is changed", async () => {
    const scene = makeScene();
    const outside = join(scene.directory, "home/outside");
    mkdirSync(outside);
    chownSync(outside, attacker, attacker);
    const before = stateOf(scene.victim);
    const child = await startAttack(attacker, "exchange", scene.versions, outside);
    onTestFinished(() => stop(child));
    const rounds = await repairFor(raceSeconds * (1 - ofSpawns), scene.cache, scene.directory);
    await stop(child);
    expect(rounds.changed).toBeGreaterThan(0);
    expect(stateOf(scene.victim)).toEqual(before);
    // When the attack is over, one run is enough.
    rmSync(join(scene.directory, "home/outside"), { recursive: true });
    lay(scene.versions, { list: { mode: 0o600 } });
    expect(fix(scene).status).toBe(0);
  });

  test("case 3: making a missing cache below a parent that is exchanged", async () => {
    const scene = makeScene();
    const other = join(scene.directory, "victim2");
    makeVictim(other);
    link(other, join(scene.directory, "home/swap"));
    const before = stateOf(scene.victim, other);
    const child = await startAttack(
      attacker,
      "exchange",
      join(scene.directory, "home/go"),
      join(scene.directory, "home/swap"),
    );
    onTestFinished(() => stop(child));
    let made = 0;
    for (const end = Date.now() + raceSeconds * 500; Date.now() < end; ) {
      const { status, output } = gomodcache([
        ...["init", "--cache-dir", join(scene.directory, `home/go/new${made}`), "--state-dir", scene.state],
        ...["--owner", `${attacker}:${attacker}`],
      ]);
      expect([0, 1, 4], output).toContain(status);
      made += 1;
    }
    await stop(child);
    expect(made).toBeGreaterThan(0);
    expect(stateOf(scene.victim, other)).toEqual(before);
  });
});
