import { describe, expect, it } from "vitest";
import { wslConfSettingIgnored as rule } from "../../src/rules/wsl-conf-setting-ignored.ts";
import { aWsl, healthyFacts, only } from "./healthy-facts.ts";

describe("wsl-conf-setting-ignored", () => {
  const conf = (value: string) => ({ container: "wsl", wsl: aWsl({ conf: { value } }) });

  it("is silent outside of WSL, and about settings that WSL reads", () => {
    expect(rule.check(healthyFacts())).toEqual([]);
    expect(rule.check(healthyFacts(conf('[automount]\noptions = "metadata,umask=22"\n')))).toEqual([]);
    // Not ours to judge, though it does nothing here either.
    expect(rule.check(healthyFacts(conf("[wsl2]\nmemory=4GB\n")))).toEqual([]);
  });

  it("tells what the popular advice does", () => {
    const finding = only(rule, conf("[wsl2]\nmetadata=true\n"));
    expect(finding.message).toContain("[wsl2] metadata = true in line 2 of /etc/wsl.conf does nothing");
    expect(finding.why).toContain("[wsl2] is a section of .wslconfig");
    expect(finding.fixes[0]?.command).toBe('sudo gomodcache fix --wsl-conf && wsl.exe --terminate "$WSL_DISTRO_NAME"');
  });

  it("has the line removed where metadata is set properly too", () => {
    const finding = only(rule, conf("[wsl2]\nmetadata=true\n[automount]\noptions=metadata\n"));
    expect(finding.fixes[0]).toMatchObject({ title: expect.stringContaining("Remove line 2") });
  });
});
