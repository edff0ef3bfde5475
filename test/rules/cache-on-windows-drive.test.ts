import { describe, expect, it } from "vitest";
import { cacheOnWindowsDrive as rule } from "../../src/rules/cache-on-windows-drive.ts";
import { aMount, aWsl, healthyFacts, only, windowsDrive } from "./healthy-facts.ts";

describe("cache-on-windows-drive", () => {
  const on = (type: string, ...options: string[]) => ({
    cache: { mount: aMount({ type, mountPoint: "/mnt/c", options }) },
  });

  it("is silent on Linux file systems and other 9p mounts", () => {
    expect(rule.check(healthyFacts())).toEqual([]);
    expect(rule.check(healthyFacts(on("9p", "rw")))).toEqual([]);
    expect(rule.check(healthyFacts(on("9p", "aname=drivers;fmask=222")))).toEqual([]);
  });

  it.each([
    ["drvfs", "rw", true],
    ["9p", "aname=drvfs;path=C:\\;uid=1000", true],
    ["9p", "aname=drvfs;path=C:\\metadata;uid=1000", true],
    ["9p", "aname=drvfs;path=C:\\;metadata", false],
  ])("fires on %s with %s", (type, option, withoutMetadata) => {
    const finding = only(rule, on(type, option));
    expect(finding.message).toContain("the Windows drive /mnt/c");
    expect(finding.why?.includes("without the metadata option")).toBe(withoutMetadata);
  });

  it("does not say what virtiofs does not show", () => {
    const mount = aMount({ type: "virtiofs", source: "drvfsC0", mountPoint: "/mnt/c" });
    expect(only(rule, { cache: { mount } }).why).toContain("is not shown for virtiofs");
  });

  it("first moves the cache, then sets metadata", () => {
    const cache = { path: "/mnt/c/go/pkg/mod", mount: windowsDrive() };
    const { fixes } = only(rule, { container: "wsl", wsl: aWsl(), cache });
    expect(fixes.map(({ command }) => command)).toEqual([
      'gomodcache init --cache-dir "$HOME/go/pkg/mod" && go env -w GOMODCACHE="$HOME/go/pkg/mod"',
      "sudo gomodcache fix --wsl-conf",
    ]);
  });

  it("leaves wsl.conf out where it does not decide: in a container, with fstab, and where it cannot be read to its end", () => {
    const cache = { mount: windowsDrive() };
    expect(only(rule, { container: "docker", cache }).fixes).toHaveLength(1);
    for (const wsl of [aWsl({ fstab: { value: "C: /mnt/c drvfs\n" } }), aWsl({ conf: { value: "; x\n" } })])
      expect(only(rule, { container: "wsl", wsl, cache }).fixes).toHaveLength(1);
  });
});
