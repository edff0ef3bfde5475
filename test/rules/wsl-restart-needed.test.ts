import { describe, expect, it } from "vitest";
import { wslRestartNeeded as rule } from "../../src/rules/wsl-restart-needed.ts";
import { aMount, aPlace, aWsl, healthyFacts, only, windowsDrive } from "./healthy-facts.ts";

describe("wsl-restart-needed", () => {
  const conf = { value: '[automount]\noptions = "metadata,umask=22"\n' };
  const facts = (mount = windowsDrive(), wsl = aWsl({ conf })) => ({
    container: "wsl",
    wsl,
    cache: { path: "/mnt/c/mod", mount },
  });

  it("is silent outside of WSL, and where nothing of go's is on a drive", () => {
    expect(rule.check(healthyFacts({ cache: { mount: windowsDrive() } }))).toEqual([]);
    expect(rule.check(healthyFacts({ container: "wsl", wsl: aWsl({ conf }) }))).toEqual([]);
  });

  it("is silent about a drive that has the options, and one that others mount", () => {
    expect(rule.check(healthyFacts(facts(windowsDrive("metadata", "umask=22"))))).toEqual([]);
    expect(
      rule.check(healthyFacts(facts(windowsDrive(), aWsl({ conf, fstab: { value: "C: /mnt/c drvfs" } })))),
    ).toEqual([]);
    const virtiofs = aMount({ type: "virtiofs", source: "drvfsC0", mountPoint: "/mnt/c" });
    expect(rule.check(healthyFacts(facts(virtiofs)))).toEqual([]);
    // WSL1 keeps the masks that a volume was first mounted with (microsoft/WSL#3963).
    const wsl1 = aMount({ type: "drvfs", source: "C:", mountPoint: "/mnt/c", options: ["rw", "metadata"] });
    expect(rule.check(healthyFacts(facts(wsl1)))).toEqual([]);
  });

  it("names what is lacking, and how WSL is restarted", () => {
    const finding = only(rule, facts(windowsDrive("umask=22")));
    expect(finding.message).toContain("/mnt/c is mounted without metadata, which /etc/wsl.conf asks for");
    expect(finding.fixes[0]).toMatchObject({
      disposition: "unsafe",
      command: 'wsl.exe --terminate "$WSL_DISTRO_NAME"',
    });
  });

  it("is about the build cache and the work tree too", () => {
    const places = [aPlace("GOCACHE", "/mnt/c/build", { mount: windowsDrive() })];
    expect(only(rule, { container: "wsl", wsl: aWsl({ conf }), places }).message).toContain("GOCACHE (/mnt/c/build)");
    const workTree = { path: "/mnt/c/app", mount: windowsDrive() };
    expect(only(rule, { container: "wsl", wsl: aWsl({ conf, workTree }) }).message).toContain("the work tree");
  });
});
