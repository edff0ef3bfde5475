import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readAcls } from "../../src/host/acl.ts";

let lab: string;
beforeAll(() => {
  lab = mkdtempSync(join(tmpdir(), "gomodcache-acl-"));
  for (const name of ["plain", "shared"]) writeFileSync(join(lab, name), "");
  for (const name of ["gnu", "other", "none"]) mkdirSync(join(lab, name));
  symlinkSync("/bin/ls", join(lab, "gnu/ls"));
  writeFileSync(join(lab, "other/ls"), "#!/bin/sh\necho 'BusyBox v1.36'\n");
  chmodSync(join(lab, "other/ls"), 0o755);
});
afterAll(() => rmSync(lab, { recursive: true }));

describe("without getfacl", () => {
  it("GNU ls tells that there are no ACLs", () => {
    expect(readAcls([join(lab, "plain"), join(lab, "absent")], join(lab, "gnu"))).toEqual({ value: new Map() });
  });

  it("or that there are some, which cannot be read then", (context) => {
    const set = spawnSync("setfacl", ["-m", "u:2001:r", join(lab, "shared")]);
    context.skip(set.status !== 0, "setfacl is not installed, or this file system has no ACLs");
    const read = readAcls([join(lab, "plain"), join(lab, "shared")], join(lab, "gnu"));
    expect(read).toEqual({ unseen: expect.stringContaining("there are access control lists") });
  });

  it.each(["other", "none"])("nothing is known with the ls of %s", (directory) => {
    expect(readAcls([join(lab, "plain")], join(lab, directory))).toEqual({
      unseen: "getfacl is not installed (package acl)",
    });
  });
});
