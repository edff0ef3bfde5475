// Lists are changed by names: what was exchanged before is left alone, and what is exchanged meanwhile is noticed.
import { chownSync, closeSync, lstatSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { MacosTool, MacosTools } from "../../src/host/macos/tools.ts";
import { noDarwinState, parseDarwinAclLines } from "../../src/permission/darwin-steps.ts";
import type { Change } from "../../src/tree/change.ts";
import { DarwinChanger } from "../../src/tree/darwin-change.ts";
import { openRoot, type Root } from "../../src/tree/root.ts";
import { isRoot } from "../host/as-user.ts";
import { scratch } from "./scratch.ts";

vi.mock("../../src/tree/chosen-means.ts", async () => {
  const { chdirMeans } = await import("../../src/tree/means-chdir.ts");
  const { linkFlags } = await import("./chdir-means.ts");
  return { means: chdirMeans(linkFlags) };
});

const deny = "group:everyone deny delete";
let top: string;
let root: Root;
let ran: string[];
/** The list of whatever is asked about. */
let list: string[];

beforeEach(() => {
  top = scratch();
  writeFileSync(join(top, "file"), "", { mode: 0o644 });
  writeFileSync(join(top, "other"), "", { mode: 0o644 });
  for (const path of [top, join(top, "file"), join(top, "other")]) chownSync(path, 2001, 2001);
  root = openRoot(top, () => true);
  [ran, list] = [[], [deny]];
});

afterEach(() => {
  process.seteuid?.(0);
  closeSync(root.fd);
});

/** @param meanwhile what happens while chmod runs */
function tools(meanwhile: () => void = () => undefined): MacosTools {
  const answer = (stdout: string) => ({ status: 0, stdout: Buffer.from(stdout), stderr: "", timedOut: false });
  return {
    file: () => undefined,
    run: (tool: MacosTool, args: readonly string[], cwd?: ".") => {
      expect(cwd).toBe(".");
      if (tool === "ls") {
        const lines = list.map((line, at) => ` ${at}: ${line}\n`).join("");
        return answer(`-rw-r--r--+ 1 david  staff  - 0 Jul  9 09:37 ${args.at(-1)}\n${lines}`);
      }
      if (tool === "dscacheutil") return answer("");
      ran.push([tool, ...args].join(" "));
      list = [];
      meanwhile();
      return answer("");
    },
  };
}

function change(): Change {
  const stats = lstatSync(join(top, "file"));
  const seen = {
    ...{ isDirectory: false, ino: stats.ino, ctime: stats.ctimeMs, birthtime: stats.birthtimeMs, links: 1 },
    ...{ uid: 2001, gid: 2001, mode: 0o644, acls: { darwin: { acl: parseDarwinAclLines([deny]), flags: [] } } },
  };
  return { name: "file", seen, wanted: { uid: 2001, gid: 2001, mode: 0o644, darwin: noDarwinState } };
}

describe.runIf(isRoot)("lists of macOS, by name", () => {
  test("root runs nothing", () => {
    expect(new DarwinChanger(tools()).begin(root.fd, change())).toMatchObject({ status: "failed", code: "EPERM" });
    expect(ran).toEqual([]);
  });

  test("the owner runs chmod on the bare name, in the directory, without following links", () => {
    process.seteuid?.(2001);
    const begun = new DarwinChanger(tools()).begin(root.fd, change());
    expect(begun).not.toHaveProperty("status");
    expect(ran).toEqual(["chmod -h -a# 0 ./file"]);
    expect(new DarwinChanger(tools()).finish(root.fd, begun as Change)).toEqual({ status: "changed" });
  });

  test.each<[string, () => void, RegExp]>([
    ["another file", () => renameSync(join(top, "other"), join(top, "file")), /something else/],
    [
      "a link",
      () => {
        rmSync(join(top, "file"));
        symlinkSync(join(top, "other"), join(top, "file"));
      },
      /something else/,
    ],
    ["another list", () => (list = [deny, "user:bob allow read"]), /ACL or its flags were changed meanwhile/],
    ["nothing", () => rmSync(join(top, "file")), /it is gone/],
  ])("what has become %s before is left alone", (_, exchange, reason) => {
    const planned = change();
    exchange();
    process.seteuid?.(2001);
    const outcome = new DarwinChanger(tools()).begin(root.fd, planned);
    expect(outcome).toMatchObject({ status: "skipped", reason: expect.stringMatching(reason) });
    expect(ran).toEqual([]);
  });

  test("what is exchanged while chmod runs is told as a failure", () => {
    const planned = change();
    process.seteuid?.(2001);
    const exchange = (): void => renameSync(join(top, "other"), join(top, "file"));
    const outcome = new DarwinChanger(tools(exchange)).begin(root.fd, planned);
    expect(outcome).toMatchObject({
      status: "failed",
      reason: expect.stringContaining("something else was put there"),
    });
  });

  test("a list that is another one after chmod was content is told as a failure", () => {
    process.seteuid?.(2001);
    const outcome = new DarwinChanger(tools(() => (list = [deny]))).begin(root.fd, change());
    expect(outcome).toMatchObject({
      status: "failed",
      reason: expect.stringContaining("chmod was content, but it has"),
    });
  });
});
