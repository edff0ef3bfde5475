import { describe, expect, it } from "vitest";
import { cacheOnNetworkMount as rule } from "../../src/rules/cache-on-network-mount.ts";
import { aMount, healthyFacts, only } from "./healthy-facts.ts";

describe("cache-on-network-mount", () => {
  const on = (type: string, ...options: string[]) => ({
    cache: { mount: aMount({ type, source: "server:/export", mountPoint: "/home", options }) },
  });

  it.each([["ext4"], ["tmpfs"], ["overlay"]])("is silent on %s", (type) =>
    expect(rule.check(healthyFacts(on(type)))).toEqual([]),
  );

  it("is silent on a Windows drive, which has its own rule", () =>
    expect(rule.check(healthyFacts(on("9p", "aname=drvfs;path=C:\\")))).toEqual([]));

  it.each([["nfs4"], ["cifs"], ["9p"], ["fuse.sshfs"]])("doubts the locks of %s", (type) => {
    const finding = only(rule, on(type));
    expect(finding.confidence).toBe("likely");
    expect(finding.why).toContain("no locks available");
    expect(finding.fixes[0]?.command).toContain("flock -w 5 /home/app/go/pkg/mod true");
  });

  it("knows the options that keep locks on one machine", () => {
    expect(only(rule, on("nfs", "rw", "nolock")).why).toContain("(nolock) keep locks on this machine");
  });
});
