// A pattern of GOPRIVATE, GONOPROXY, GONOSUMDB or GOINSECURE that matches nothing: a blank after a comma belongs to it.
import type { Facts } from "../facts/facts.ts";
import { deadPatterns } from "../gocache/pattern.ts";
import type { FactRule } from "./rule.ts";
import { shellQuote } from "./shared/say.ts";
import { setCommand, setting, titleFor } from "./shared/setting.ts";

const variables = ["GOPRIVATE", "GONOPROXY", "GONOSUMDB", "GOINSECURE"] as const;

export const privatePatternDead: FactRule = {
  id: "private-pattern-dead",
  severity: "warning",
  title: "a pattern for private modules matches nothing",
  looksAt: "facts",
  check: (facts) => {
    const found = variables.flatMap((name) => {
      const value = setting(facts, name);
      // What comes from GOPRIVATE is told of GOPRIVATE.
      const inherited = name.startsWith("GONO") && value === setting(facts, "GOPRIVATE");
      return inherited ? [] : deadPatterns(value).map((pattern) => ({ name, pattern }));
    });
    const [first] = found;
    if (first === undefined) return [];
    const named = found.map(({ name, pattern }) => `"${pattern}" of ${name}`).join(", ");
    return [
      {
        message: `${named} matches no module: those that it is meant for go to the proxies and the checksum database, for every user who has this setting`,
        paths: [],
        count: found.length,
        why: "Go does not take blanks off a pattern, and a pattern that is malformed matches nothing; it says neither (golang.org/x/mod/module, MatchPrefixPatterns)",
        fixes: [...new Set(found.map(({ name }) => name))].map((name) => ({
          title: titleFor(facts, "Without blanks, and without what cannot be mended"),
          disposition: "safe",
          command: setCommand(facts, name, shellQuote(mended(facts, name))),
        })),
      },
    ];
  },
};

function mended(facts: Facts, name: string): string {
  const patterns = setting(facts, name)
    .split(",")
    .map((pattern) => pattern.trim())
    .filter((pattern) => pattern !== "" && deadPatterns(pattern).length === 0);
  return [...new Set(patterns)].join(",");
}
