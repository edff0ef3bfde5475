// The commands that give rights, as Linux and as macOS take them.
import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import type { Facts } from "../../../src/facts/facts.ts";
import {
  clearImmutable,
  letFill,
  letRead,
  letThrough,
  letWriteTree,
  remount,
  shareWithGroup,
} from "../../../src/rules/shared/grant.ts";
import { dir, factsFor, subject } from "../sample-cache.ts";

const linux = factsFor(subject(1000), dir(0o755));
const mac = factsFor(subject(1000), dir(0o755), { platform: "darwin" });

const commands: readonly (readonly [name: string, command: (facts: Facts) => string])[] = [
  ["shareWithGroup", (facts) => shareWithGroup(facts, 3000)],
  ["shareWithGroup, a group without a name", (facts) => shareWithGroup(facts, 4242)],
  ["letFill", (facts) => letFill(facts, 1001)],
  ["letRead", (facts) => letRead(facts, 1001)],
  ["letThrough", (facts) => letThrough(facts, 1001, "/it's here")],
  ["letWriteTree", (facts) => letWriteTree(facts, 1001, "/it's here")],
  ["clearImmutable", (facts) => clearImmutable(facts, "-type d")],
  ["remount", (facts) => remount(facts, "rw", "/Volumes/it's")],
];

describe.each(commands)("%s", (_, command) => {
  it("uses the tools of its system", () => {
    expect(command(linux)).not.toMatch(/chmod \+a|chflags|mount -u/);
    expect(command(mac)).not.toMatch(/setfacl|chattr|remount/);
  });

  it.each([linux, mac])("is a command that a shell reads: $platform", (facts) => {
    expect(spawnSync("sh", ["-n", "-c", command(facts)]).status).toBe(0);
  });
});

it("shares with a group of macOS by inherited entries, outside of modules", () => {
  expect(shareWithGroup(mac, 3000)).toContain(
    'chmod +a "group:devs allow list,add_file,search,add_subdirectory,delete_child,',
  );
  expect(shareWithGroup(mac, 3000)).toContain("file_inherit,directory_inherit");
  expect(shareWithGroup(mac, 3000)).toContain("-prune -o -type d");
  expect(shareWithGroup(mac, 4242)).toContain("dscl . -search /Groups PrimaryGroupID 4242");
});
