// `why` on a real tree: the model and the kernel answer the same question.
import { execFileSync } from "node:child_process";
import { chmodSync, chownSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openWorld, readFacts } from "../../src/host/facts.ts";
import { explainPath } from "../../src/oracle/explain-path.ts";
import { makeLab, removeLab } from "../e2e/lab.ts";
import { describeOnMachine } from "../e2e/requirements.ts";

describeOnMachine("why, confirmed by the kernel", () => {
  let lab: string;
  beforeAll(() => {
    lab = makeLab("why");
    for (const [name, owner, group, mode] of [
      ["open", 0, 0, 0o755],
      ["shut", 0, 3000, 0o750],
      ["mine", 2001, 2001, 0o700],
      ["acl", 0, 0, 0o750],
      ["masked", 0, 0, 0o750],
      ["none", 0, 0, 0o000],
    ] as const) {
      mkdirSync(join(lab, name));
      writeFileSync(join(lab, name, "file"), "");
      chownSync(join(lab, name, "file"), owner, group);
      chmodSync(join(lab, name, "file"), mode & 0o666);
      chownSync(join(lab, name), owner, group);
      chmodSync(join(lab, name), mode);
    }
    execFileSync("setfacl", ["-m", "u:2001:rwx", join(lab, "acl"), join(lab, "acl/file")]);
    execFileSync("setfacl", ["-n", "-m", "u:2001:rwx,m::r-x", join(lab, "masked")]);
    symlinkSync("../shut/file", join(lab, "open/link"));
    execFileSync("chattr", ["+i", join(lab, "mine/file")]);
  });
  afterAll(() => removeLab(lab));

  const paths = [
    "open/file",
    "open/link",
    "shut",
    "shut/file",
    "mine/file",
    "acl",
    "acl/file",
    "masked",
    "masked/file",
    "none/file",
    "absent",
  ];
  const subjects = ["2001:2001", "2002:2002,3000", "0", "0+cap=none", "0+cap=dac_read_search"];

  it.each(subjects)("agrees for %s", (who) => {
    const disagreements: string[] = [];
    let asked = 0;
    for (const path of paths) {
      for (const need of ["read", "write", "execute"] as const) {
        const world = openWorld();
        const facts = readFacts({ who, environment: process.env, directory: "/" }, world);
        const { verdict, kernel } = explainPath(facts, world, join(lab, path), need);
        if (kernel.asked) asked += 1;
        if (kernel.asked && !kernel.agrees)
          disagreements.push(`${path} ${need}: we ${verdict}, kernel ${kernel.allowed}`);
      }
    }
    expect(disagreements).toEqual([]);
    expect(asked).toBe(paths.length * 3);
  });

  it("does not ask the kernel what it could only answer by doing it", () => {
    const world = openWorld();
    const facts = readFacts({ who: "2001:2001", environment: process.env, directory: "/" }, world);
    expect(explainPath(facts, world, join(lab, "acl/file"), "delete")).toMatchObject({
      verdict: "yes",
      kernel: { asked: false },
    });
    expect(explainPath(facts, world, join(lab, "mine/file"), "delete")).toMatchObject({ verdict: "no" });
  });
});
