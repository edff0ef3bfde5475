import { describe, expect, it } from "vitest";
import { sumdbNotWritable as rule } from "../../src/rules/sumdb-not-writable.ts";
import { aDirectory, aMount, aPlace, healthyFacts, only } from "./healthy-facts.ts";

describe("sumdb-not-writable", () => {
  const path = "/go/pkg/sumdb";
  const refused = { verdict: "no", at: "/go/pkg", because: "others have r-x" } as const;
  const absent = aPlace("GOPATH/pkg/sumdb", path, { entry: "absent", writable: refused });

  it("is silent when it is writable", () => expect(rule.check(healthyFacts())).toEqual([]));

  it.each([[{ GOSUMDB: "off" }], [{ GONOSUMDB: "*" }], [{ GOPROXY: "off" }]])(
    "is silent when the database is never asked: %o",
    (goEnv) => expect(rule.check(healthyFacts({ places: [absent], goEnv }))).toEqual([]),
  );

  it("makes a missing directory", () => {
    const finding = only(rule, { places: [absent] });
    expect(finding.severity).toBe("error");
    expect(finding.fixes.map(({ command }) => command)).toEqual([
      'go env -w GOPATH="$HOME/go"',
      `sudo install -d -m 0755 -o 1000 -g 1000 ${path}`,
    ]);
  });

  it("opens an existing one by ACL, unless it is read-only", () => {
    const there = aPlace("GOPATH/pkg/sumdb", path, { entry: aDirectory({ uid: 0 }), writable: refused });
    expect(only(rule, { places: [there] }).fixes[1]?.command).toBe(`setfacl -R -m u:1000:rwX,d:u:1000:rwX ${path}`);
    expect(only(rule, { places: [{ ...there, mount: aMount({ readOnly: true }) }] }).fixes).toHaveLength(1);
  });

  it("is milder for those who add no modules anyway", () => {
    expect(only(rule, { places: [absent], cache: { writable: refused } }).severity).toBe("warning");
    const project = { directory: "/src/app", modules: 2, complete: true };
    expect(only(rule, { places: [absent], project }).severity).toBe("warning");
  });
});
