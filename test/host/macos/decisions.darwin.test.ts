// Drawn lists on real files of a Mac: what the model says against access(2), open(2) and unlink(2). For macOS only, as any user but root.
import { execFileSync } from "node:child_process";
import {
  accessSync,
  chmodSync,
  closeSync,
  constants,
  mkdtempSync,
  openSync,
  realpathSync,
  rmSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openWorld } from "../../../src/host/facts.ts";
import { readSelf } from "../../../src/host/subject.ts";
import { drawChain } from "../../../src/permission/chain.ts";
import type { Ask } from "../../../src/permission/decision.ts";
import { randomOf } from "../../random.ts";

const draws = Number(process.env["DRAWS"] ?? 100);
const seed = Number(process.env["SEED"] ?? 1);
const settings = { protectedRegular: 0, protectedFifos: 0, protectedSymlinks: 0 };
const rights = {
  file: ["read", "write", "append", "delete"],
  directory: ["list", "add_file", "search", "add_subdirectory", "delete_child", "delete"],
};

describe.runIf(process.platform === "darwin" && process.getuid?.() !== 0)("the kernel of this Mac", () => {
  it(`agrees in ${draws} draws of seed ${seed}`, () => {
    const { username } = userInfo();
    const { subject } = readSelf();
    const random = randomOf(seed);
    const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
    const line = (type: keyof typeof rights): string => {
      const who = pick([`user:${username}`, "group:everyone", "group:staff", "group:wheel", "user:root"]);
      const named = rights[type].filter(() => random() < 0.4);
      return `${who} ${pick(["allow", "deny"])} ${(named.length > 0 ? named : [rights[type][0]]).join(",")}`;
    };
    const list = (type: keyof typeof rights): string[] => Array.from({ length: pick([0, 1, 2, 3]) }, () => line(type));
    const apply = (path: string, lines: readonly string[]): void => {
      for (const [at, text] of lines.entries()) execFileSync("/bin/chmod", ["+a#", String(at), text, path]);
    };
    let told = 0;
    for (let draw = 0; draw < draws; draw += 1) {
      const directory = mkdtempSync(join(realpathSync(tmpdir()), "gomodcache-draw-"));
      const file = join(directory, "file");
      const drawn = {
        mode: pick([0o600, 0o400, 0o200, 0]),
        file: list("file"),
        above: pick([0o700, 0o500]),
        directory: list("directory"),
      };
      writeFileSync(file, "");
      chmodSync(file, drawn.mode);
      apply(file, drawn.file);
      chmodSync(directory, drawn.above);
      apply(directory, drawn.directory);
      try {
        const compare = (path: string, ask: Ask, attempt: () => void): void => {
          const world = openWorld();
          const { verdict } = world.settle(() => drawChain(world, subject, settings, path, ask));
          if (verdict === "unknown") return;
          told += 1;
          expect({ ask, drawn, verdict }).toEqual({ ask, drawn, verdict: succeeds(attempt) ? "yes" : "no" });
        };
        compare(directory, "read", () => accessSync(directory, constants.R_OK));
        compare(directory, "execute", () => accessSync(directory, constants.X_OK));
        compare(file, "read", () => closeSync(openSync(file, constants.O_RDONLY)));
        compare(file, "write", () => closeSync(openSync(file, constants.O_WRONLY)));
        compare(file, "lock", () => closeSync(openSync(file, constants.O_RDWR)));
        compare(file, "delete", () => unlinkSync(file));
      } finally {
        for (const path of [directory, file])
          succeeds(() => execFileSync("/bin/chmod", ["-N", path], { stdio: "ignore" }));
        chmodSync(directory, 0o700);
        rmSync(directory, { recursive: true });
      }
    }
    expect(told).toBeGreaterThan(draws);
  });
});

function succeeds(attempt: () => void): boolean {
  try {
    attempt();
    return true;
  } catch {
    return false;
  }
}
