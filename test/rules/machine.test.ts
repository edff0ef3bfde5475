import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { factRules } from "../../src/rules/machine.ts";
import { healthyFacts } from "./healthy-facts.ts";

describe("the rules that look at the machine", () => {
  it("have different ids", () => {
    expect(new Set(factRules.map(({ id }) => id)).size).toBe(factRules.length);
  });

  it("are silent, and not blocked, on a healthy machine", () => {
    const facts = healthyFacts();
    expect(factRules.flatMap((rule) => [...rule.check(facts)])).toEqual([]);
    expect(factRules.map((rule) => rule.blocked?.(facts)).filter((reason) => reason !== undefined)).toEqual([]);
  });

  it("are all that there are", () => {
    const folder = new URL("../../src/rules/", import.meta.url);
    const files = readdirSync(folder).filter((name) => name.endsWith(".ts"));
    const ids = files.flatMap((name) => {
      const id = /: FactRule = \{\s+id: "([^"]+)"/.exec(readFileSync(new URL(name, folder), "utf8"))?.[1];
      return id === undefined ? [] : [id];
    });
    expect(factRules.map(({ id }) => id).sort()).toEqual(ids.sort());
  });

  it.each(factRules.map((rule) => [rule.id, rule] as const))(
    "%s has a file, a test and a page of its name",
    (id, rule) => {
      const read = (path: string) => readFileSync(new URL(path, import.meta.url), "utf8");
      expect(read(`../../src/rules/${id}.ts`)).toContain(`id: "${id}"`);
      expect(read(`${id}.test.ts`)).toContain(`describe("${id}"`);
      const page = read(`../../docs/rules/${id}.md`);
      expect(page.split("\n")[0]).toBe(`# ${id}`);
      expect(page.replace(/ +/g, " ")).toMatch(
        new RegExp(`\\| ${rule.severity} \\| (the machine|what go would do in a project) \\| 0.1 \\|`),
      );
    },
  );
});
