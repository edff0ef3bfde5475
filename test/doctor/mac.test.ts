// The doctor on a Mac: real files here, ACLs and flags as ls of macOS would print them.
import { chmodSync, chownSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { diagnose } from "../../src/doctor/run.ts";
import { openWorld, readFacts } from "../../src/host/facts.ts";
import { allRules } from "../../src/rules/all.ts";
import { goRunning } from "../../src/rules/go-running.ts";
import { isRoot, notRoot, openDirectory } from "../host/as-user.ts";
import { type FakeMac, fakeMac } from "../host/macos/fake-mac.ts";
import { addModule } from "./cache.ts";

let directory: string;
const at = (name: string): string => join(directory, name);
const download = "mod/cache/download/example.com/a";

beforeEach(() => {
  directory = openDirectory("mac-doctor");
  mkdirSync(at("tools"));
  addModule(at("mod"), "example.com/a", "v1.0.0");
});
afterEach(() => {
  chmodSync(directory, 0o755);
  rmSync(directory, { recursive: true });
});

async function doctor(mac: FakeMac, who: string) {
  const platform = fakeMac(at("tools"), mac);
  const options = { environment: {}, directory: "/", cacheDirectory: at("mod"), who };
  const facts = readFacts(options, openWorld(platform));
  return diagnose(facts, allRules, { platform });
}
const rulesOf = (report: Awaited<ReturnType<typeof doctor>>) => report.findings.map(({ rule }) => rule);

describe.skipIf(!isRoot)(`the doctor on a Mac${isRoot ? "" : ` (${notRoot})`}`, () => {
  it("finds a cache healthy that is, and skips nothing", async () => {
    const platform = fakeMac(at("tools"));
    const facts = readFacts(
      { environment: {}, directory: "/", cacheDirectory: at("mod"), who: "root" },
      openWorld(platform),
    );
    const rules = allRules.filter(({ looksAt }) => looksAt !== "facts");
    const report = await diagnose(facts, rules, { platform });
    expect(report).toMatchObject({ verdict: "healthy", findings: [], skipped: [] });
    expect(goRunning.check(facts)).toHaveLength(1);
    expect(allRules.flatMap((rule) => rule.blocked?.(facts) ?? [])).toEqual([]);
  });

  it("sees a deny that the mode does not show, in the directory that has it", async () => {
    chownSync(at(`${download}/@v`), 501, 20);
    const report = await doctor({ acls: { [at(`${download}/@v`)]: ["group:everyone deny delete_child"] } }, "david");
    const finding = report.findings.find(({ rule }) => rule === "acl-denies");
    expect(finding).toMatchObject({
      count: 1,
      paths: [{ path: at(`${download}/@v`), mode: expect.stringMatching(/\+$/) }],
    });
    expect(finding?.fixes.map(({ command }) => command)).toEqual([
      expect.stringMatching(/^gomodcache fix --cache-dir .* --only acl-denies$/),
      expect.stringContaining("chmod -a# 0 "),
    ]);
    expect(report.skipped.filter(({ rule }) => rule === "walk")).toEqual([]);
  });

  it("sees that a list opens what the mode closes", async () => {
    const closed = at(`${download}/@v/v1.0.0.mod`);
    chmodSync(closed, 0o600);
    expect(rulesOf(await doctor({}, "david"))).toContain("entry-not-readable-by-subject");
    const open = await doctor({ acls: { [closed]: ["group:staff allow read"] } }, "david");
    expect(rulesOf(open)).not.toContain("entry-not-readable-by-subject");
  });

  it("sees that a list closes what the mode opens", async () => {
    const acls = { [at(`${download}/@v/v1.0.0.mod`)]: ["user:david deny read"] };
    expect(rulesOf(await doctor({ acls }, "david"))).toEqual(
      expect.arrayContaining(["acl-denies", "entry-not-readable-by-subject"]),
    );
  });

  it("is not healthy where an entry of a list is not understood, and names it", async () => {
    for (const line of ["user:david permits read", "group:gone deny read"]) {
      const report = await doctor({ acls: { [at(`${download}/@v/list`)]: [line] } }, "david");
      expect(report.skipped.map(({ reason }) => reason).join()).toContain(`${at(`${download}/@v/list`)}: `);
      expect(report.verdict).not.toBe("healthy");
    }
  });

  it("names no tool that macOS does not have", async () => {
    chmodSync(at("mod"), 0o700);
    chmodSync(at(`${download}/@v`), 0o755);
    chmodSync(at(`${download}/@v/v1.0.0.mod`), 0o600);
    const reports = [await doctor({}, "david"), await doctor({ flags: { [at(download)]: "uchg" } }, "root")];
    chmodSync(at("mod"), 0o777);
    reports.push(await doctor({ mounts: "/dev/disk5s1 on / (apfs, local, read-only, noexec, noowners)\n" }, "david"));
    const commands = reports.flatMap(({ findings }) =>
      findings.flatMap(({ fixes }) => fixes.map(({ command }) => command)),
    );
    expect(commands.length).toBeGreaterThan(3);
    for (const command of commands) expect(command).not.toMatch(/setfacl|chattr|remount|\bflock\b|-printf|%-perm \//);
  });
});
