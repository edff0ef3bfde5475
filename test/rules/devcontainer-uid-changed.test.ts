import { describe, expect, it } from "vitest";
import { cacheNotWritable } from "../../src/rules/cache-not-writable.ts";
import { devcontainerUidChanged as rule } from "../../src/rules/devcontainer-uid-changed.ts";
import { aDirectory, aSubject, type Changes, healthyFacts, only } from "./healthy-facts.ts";

const userNames = new Map([
  [0, "root"],
  [1001, "vscode"],
]);

function container(changes: Changes = {}): Changes {
  return {
    subject: { subject: aSubject({ uid: 1001, gid: 1001 }), name: "vscode", home: "/home/vscode", self: true },
    hosts: [{ kind: "devcontainer", evidence: "REMOTE_CONTAINERS=true" }],
    userNames,
    ...changes,
    cache: {
      path: "/go/pkg/mod",
      realPath: "/go/pkg/mod",
      entry: aDirectory({ uid: 1000, gid: 1000 }),
      writable: { verdict: "no", at: "/go/pkg/mod", because: "others have r-x" },
      ...changes.cache,
    },
  };
}

describe("devcontainer-uid-changed", () => {
  it("names the UID that nobody has, and both remedies; cache-not-writable leaves it to this rule", () => {
    const finding = only(rule, container());
    expect(finding.message).toBe(
      "vscode (1001) cannot write in /go/pkg/mod, which belongs to uid 1000: nobody here has that UID any more",
    );
    expect(finding.fixes.map(({ command }) => command)).toEqual([
      'go env -w GOMODCACHE="$HOME/go/pkg/mod"',
      "sudo chown -R -h 1001:1001 /go/pkg/mod",
    ]);
    expect(cacheNotWritable.check(healthyFacts(container()))).toEqual([]);
  });

  it.each<[string, Changes]>([
    ["it is no dev container", container({ hosts: [] })],
    ["somebody has that UID", container({ userNames: new Map([...userNames, [1000, "node"]]) })],
    ["it is root's", container({ cache: { entry: aDirectory({ uid: 0, gid: 0 }) } })],
    ["the user may write", container({ cache: { writable: { verdict: "yes" } } })],
    ["the cache is in the home directory", container({ cache: { path: "/home/vscode/go/pkg/mod" } })],
  ])("is silent if %s", (_, changes) => {
    expect(rule.check(healthyFacts(changes))).toEqual([]);
  });
});
