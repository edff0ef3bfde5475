import { describe, expect, it } from "vitest";
import { wslConfMalformed as rule } from "../../src/rules/wsl-conf-malformed.ts";
import { aWsl, healthyFacts, only, rootSubject } from "./healthy-facts.ts";

describe("wsl-conf-malformed", () => {
  const conf = (value: string) => ({ container: "wsl", wsl: aWsl({ conf: { value } }) });

  it("is silent outside of WSL, and about a file that WSL reads to its end", () => {
    expect(rule.check(healthyFacts())).toEqual([]);
    expect(rule.blocked?.(healthyFacts())).toBeUndefined();
    expect(rule.check(healthyFacts(conf("")))).toEqual([]);
    expect(rule.check(healthyFacts(conf("[automount]\r\noptions = metadata\r\n")))).toEqual([]);
  });

  it("could not look if the file is closed", () => {
    const wsl = aWsl({ conf: { unseen: "/etc/wsl.conf: permission denied" } });
    expect(rule.blocked?.(healthyFacts({ container: "wsl", wsl }))).toBe("/etc/wsl.conf: permission denied");
  });

  it.each([
    ["[automount]\n; a comment\noptions = metadata\n", 2, "semicolon", "sudo sed -i '2s/;/#/' /etc/wsl.conf"],
    ["\ufeff[automount]\n", 1, "byte order mark", "sudo sed -i '1s/^\\xEF\\xBB\\xBF//' /etc/wsl.conf"],
    ["\udcff\udcfe[\0", 1, "UTF-16", "iconv -f UTF-16 -t UTF-8 /etc/wsl.conf"],
    ["[auto mount]\n", 1, "letters and digits only", "sudo ${EDITOR:-vi} +1 /etc/wsl.conf"],
  ])("%j", (text, line, why, command) => {
    const finding = only(rule, conf(text));
    expect(finding.message).toContain(`only up to line ${line}`);
    expect(finding.why).toContain(why);
    expect(finding.fixes[0]?.command).toContain(command);
    expect(finding.confidence).toBe("likely");
  });

  it("root needs no sudo", () => {
    const facts = { ...conf("?"), self: rootSubject };
    expect(only(rule, facts).fixes[0]?.command).toBe("${EDITOR:-vi} +1 /etc/wsl.conf");
  });
});
