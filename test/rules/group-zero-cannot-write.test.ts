import { describe, expect, it } from "vitest";
import { cacheNotCreatable } from "../../src/rules/cache-not-creatable.ts";
import { cacheNotWritable } from "../../src/rules/cache-not-writable.ts";
import { groupZeroCannotWrite as rule } from "../../src/rules/group-zero-cannot-write.ts";
import { aDirectory, aMount, aSubject, type Changes, healthyFacts, only } from "./healthy-facts.ts";

const hosts = [{ kind: "openshift", evidence: "uid 1000660000 in group 0" }] as const;
const no = { verdict: "no", at: "/go/pkg/mod", because: "group has r-x" } as const;

function pod(changes: Changes = {}): Changes {
  return {
    subject: { subject: aSubject({ uid: 1000660000, gid: 0 }), self: true },
    environment: { HOME: "/" },
    hosts,
    ...changes,
    cache: {
      path: "/go/pkg/mod",
      realPath: "/go/pkg/mod",
      entry: aDirectory({ uid: 0, gid: 0 }),
      writable: no,
      ...changes.cache,
    },
  };
}

describe("group-zero-cannot-write", () => {
  it("says which pods are hurt, why, and what the image needs; other rules leave it to this one", () => {
    const facts = pod();
    const finding = only(rule, facts);
    expect(finding.message).toMatchInlineSnapshot(
      `"uid 1000660000 cannot write in /go/pkg/mod: what is not in it yet cannot be fetched, in every pod of this image"`,
    );
    expect(finding.severity).toBe("warning");
    expect(finding.fixes[0]?.command).toBe(
      "mkdir -p /go/pkg/mod && chgrp -R 0 /go/pkg/mod && chmod -R g=u /go/pkg/mod",
    );
    expect(cacheNotWritable.check(healthyFacts(facts))).toEqual([]);
  });

  it("is an error where nothing is in it, or it is missing", () => {
    expect(only(rule, pod({ cache: { entry: aDirectory({ links: 2 }) } })).severity).toBe("error");
    const missing = pod({ cache: { state: "missing", creatable: no } });
    expect(only(rule, missing).message).toContain("cannot make /go/pkg/mod");
    expect(cacheNotCreatable.check(healthyFacts(missing))).toEqual([]);
  });

  it.each<[string, Changes]>([
    ["the pod may write", pod({ cache: { writable: { verdict: "yes" } } })],
    ["it is another kind of host", pod({ hosts: [] })],
    ["the mount is read-only", pod({ cache: { mount: aMount({ readOnly: true }) } })],
    [
      "HOME is the cause",
      pod({
        cache: {
          path: "/go/pkg/mod",
          state: "missing",
          creatable: { verdict: "no", at: "/", because: "group has r-x" },
        },
      }),
    ],
  ])("is silent if %s", (_, changes) => {
    expect(rule.check(healthyFacts(changes))).toEqual([]);
  });
});
