import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parseMountinfo, parseMounts } from "../../src/host/mounts.ts";
import { automountOf, governorOf, misplacedIn } from "../../src/wsl/automount.ts";
import { parseWslConf } from "../../src/wsl/conf.ts";
import { planConf } from "../../src/wsl/plan.ts";

const fixture = (name: string): string => readFileSync(new URL(`../fixtures/wsl/${name}`, import.meta.url), "utf8");
const planOf = (name: string, conf = fixture(`${name}/wsl.conf`), fstab = "") =>
  planConf({ conf, fstab }, parseMountinfo(fixture(`${name}/mountinfo`)));

describe("what is to be changed in wsl.conf", () => {
  it("the advice that does nothing stays, and what WSL reads is added", () => {
    expect(planOf("wsl2-9p").change?.after).toBe(
      '[wsl2]\nmetadata=true\n\n[automount]\noptions="metadata,umask=22,fmask=11"\n',
    );
  });

  it("is shown as a diff", () => {
    expect(planOf("wsl2-store").change?.diff).toBe(
      `--- a/etc/wsl.conf
+++ b/etc/wsl.conf
@@ -3,3 +3,6 @@
 
 [user]
 default=gopher
+
+[automount]
+options="metadata,umask=22,fmask=11"
`,
    );
  });

  it("nothing where metadata is set and mounted", () => {
    expect(planOf("wsl2-9p-metadata")).toEqual({ restart: false });
  });

  it("a restart alone, where the drive was mounted before", () => {
    expect(planOf("wsl2-9p", fixture("wsl2-9p-metadata/wsl.conf"))).toEqual({ restart: true });
    const wsl1 = planConf({ conf: fixture("wsl1/wsl.conf"), fstab: "" }, parseMounts(fixture("wsl1/mounts")));
    expect(wsl1).toEqual({ restart: true });
  });

  it.each([
    ["[automount]\nenabled = false\n", "", /enabled is false/],
    ["", "C: /mnt/c drvfs rw 0 0\n", /fstab mounts \/mnt\/c/],
    ["[automount]\nroot = /win\n", "", /was not mounted by WSL itself/],
    ["; x\n", "", /stops reading it at line 1/],
  ])("%j with the fstab %j is refused", (conf, fstab, expected) => {
    const mounts = parseMountinfo(fixture("wsl2-9p/mountinfo"));
    const plan = planConf(
      { conf, fstab },
      mounts,
      mounts.find(({ mountPoint }) => mountPoint === "/mnt/c"),
    );
    expect(plan.change).toBeUndefined();
    expect(plan.refused).toMatch(expected);
  });
});

describe("who decides about a drive", () => {
  const fstab = "# C: /mnt/x drvfs\nD: /mnt/d\\040e drvfs metadata 0 0\nE: /mnt/e/ drvfs\nUUID=1 / ext4\n";
  const at = (conf: string, point: string) => governorOf(point, automountOf(parseWslConf(conf), fstab));
  it.each([
    ["", "/mnt/c", "wsl.conf"],
    ["[automount]\nroot=/\n", "/c", "wsl.conf"],
    ["[automount]\nroot=/win\n", "/win/c", "wsl.conf"],
    ["", "/mnt/cd", undefined],
    ["", "/mnt/x/y", undefined],
    ["", "/mnt/x", "wsl.conf"],
    ["", "/mnt/d e", "fstab"],
    ["", "/mnt/e", "fstab"],
    ["[automount]\nmountFsTab=False\n", "/mnt/e", "wsl.conf"],
    ["[automount]\nenabled=0\n", "/mnt/c", undefined],
  ] as const)("%j, %s: %s", (conf, point, expected) => {
    expect(at(conf, point)).toBe(expected);
  });
});

describe("settings that stand in the wrong place", () => {
  const because = (text: string): string[] => misplacedIn(parseWslConf(text)).map((one) => one.because);
  it.each([
    [
      "[wsl2]\nmetadata=true\n",
      "[wsl2] is a section of .wslconfig, on the Windows side, and has no metadata there either",
    ],
    ["[automount]\nmetadata = true\n", "[automount] has no key metadata: it is an item of its key options"],
    ["metadata=true\n", "it stands above the first section"],
    ["[drvfs]\noptions=metadata\n", "[drvfs] has no key options"],
    [
      "[automount]\noptions=umask=22\noptions=metadata\n",
      "automount.options is set in line 2 already, and the first one counts",
    ],
  ])("%j", (text, expected) => {
    expect(because(text)).toEqual([expected]);
  });

  it.each(["[filesystem]\numask=077\n", "[wsl2]\nmemory=4GB\n", "[automount]\noptions=metadata\n", "[x]\noptions=y\n"])(
    "%j is not one",
    (text) => {
      expect(because(text)).toEqual([]);
    },
  );
});
