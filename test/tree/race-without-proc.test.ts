// The means of systems without /proc under attack, as root, on Linux: a working directory is held there as it is on macOS.
import { chownSync, lchownSync, mkdirSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import {
  type Arena,
  attacker,
  describeHostile,
  lay,
  makeScene,
  names,
  startAttack,
  stateOf,
  stop,
} from "../hostile/arena.ts";
import { repairFor, walkCarelessly } from "../hostile/race.ts";

/** How long each attack goes on, in seconds; the long ones are in test/hostile. */
const seconds = Number(process.env["RACE_SECONDS"] ?? 4);

function link(target: string, path: string): void {
  symlinkSync(target, path);
  lchownSync(path, attacker, attacker);
}

const races: readonly [what: string, prepare: (scene: Arena) => string[], prey: (scene: Arena) => string[]][] = [
  [
    "a directory exchanged with a link to the victim",
    ({ versions, victim }) => {
      link(victim, join(versions, "../swap"));
      return [versions, join(versions, "../swap")];
    },
    ({ victim }) => names.map((name) => join(victim, name)),
  ],
  [
    "a file exchanged with a link to the victim's",
    ({ versions, victim }) => {
      link(join(victim, "v1.0.0.zip"), join(versions, "swap"));
      return [join(versions, "v1.0.0.zip"), join(versions, "swap")];
    },
    ({ victim }) => [join(victim, "v1.0.0.zip")],
  ],
  [
    "a parent of the cache exchanged with a link to a tree of root's",
    ({ directory, victim }) => {
      lay(join(directory, "root/mod"), { "cache/download/example.com/a/@v/list": { mode: 0o600 } }, 0);
      renameSync(join(directory, "root"), join(victim, "root"));
      link(join(victim, "root"), join(directory, "home/swap"));
      return [join(directory, "home/go"), join(directory, "home/swap")];
    },
    ({ victim }) => [join(victim, "root/mod/cache/download/example.com/a/@v/list")],
  ],
];

describeHostile("without /proc, as root", () => {
  test.each(races)("%s", async (what, prepare, prey) => {
    const scene = makeScene();
    const args = prepare(scene);
    const before = stateOf(scene.victim);
    const child = await startAttack(attacker, "exchange", ...args);
    onTestFinished(() => stop(child));
    const rounds = await repairFor(seconds, scene.cache, scene.directory, "", true);
    expect(stateOf(scene.victim)).toEqual(before);
    // A repair that changes nothing proves nothing.
    expect(rounds.changed, JSON.stringify(rounds)).toBeGreaterThan(0);
    const careless = await walkCarelessly(seconds, scene.cache, prey(scene));
    console.log(
      `${what}: ${rounds.rounds} rounds changed ${rounds.changed}, skipped ${rounds.skipped}; a walker by paths ${careless.hit ? "hit the victim" : "did NOT hit the victim"}`,
    );
  });

  test("a directory moved out of the tree and back", async () => {
    const scene = makeScene();
    const outside = join(scene.directory, "home/outside");
    mkdirSync(outside);
    chownSync(outside, attacker, attacker);
    const before = stateOf(scene.victim);
    const child = await startAttack(attacker, "exchange", scene.versions, outside);
    onTestFinished(() => stop(child));
    const rounds = await repairFor(seconds, scene.cache, scene.directory, "", true);
    await stop(child);
    expect(rounds.changed).toBeGreaterThan(0);
    expect(stateOf(scene.victim)).toEqual(before);
    rmSync(outside, { recursive: true });
  });
});
