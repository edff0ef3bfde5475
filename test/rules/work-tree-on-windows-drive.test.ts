import { describe, expect, it } from "vitest";
import { workTreeOnWindowsDrive as rule } from "../../src/rules/work-tree-on-windows-drive.ts";
import { aWsl, healthyFacts, only, windowsDrive } from "./healthy-facts.ts";

describe("work-tree-on-windows-drive", () => {
  it("is silent outside of WSL, and for work trees on the Linux side", () => {
    expect(rule.check(healthyFacts())).toEqual([]);
    expect(rule.check(healthyFacts({ container: "wsl", wsl: aWsl() }))).toEqual([]);
  });

  it("advises to clone it, then to set metadata", () => {
    const wsl = aWsl({ workTree: { path: "/mnt/c/Users/Me/my app", mount: windowsDrive() } });
    const { message, fixes } = only(rule, { container: "wsl", wsl });
    expect(message).toContain("/mnt/c/Users/Me/my app is on the Windows drive /mnt/c");
    expect(fixes.map(({ command }) => command)).toEqual([
      "git clone '/mnt/c/Users/Me/my app' \"$HOME\"/'my app'",
      "sudo gomodcache fix --wsl-conf",
    ]);
  });
});
