// GONOSUMDB, or GOPRIVATE from which it comes, covers public modules: their hashes are never compared with the checksum database.
import type { Facts } from "../facts/facts.ts";
import type { FactRule } from "./rule.ts";
import { widePatterns } from "./shared/pattern.ts";
import { setting, titleFor, unsetCommand } from "./shared/setting.ts";

export const checksumBypassWide: FactRule = {
  id: "checksum-bypass-wide",
  severity: "warning",
  title: "public modules bypass the checksum database",
  looksAt: "facts",
  check: (facts) => {
    if (setting(facts, "GOSUMDB") === "off") return [];
    const found = source(facts);
    if (found === undefined) return [];
    const { name, wide } = found;
    const patterns = wide.map((pattern) => `"${pattern}"`).join(", ");
    return [
      {
        message: `${name} contains ${patterns}: public modules are not checked against the checksum database, for every user who has this setting`,
        paths: [],
        count: wide.length,
        why:
          name === "GOPRIVATE"
            ? "GOPRIVATE is for the modules of one organisation. It also makes go fetch what it covers from the origin, without a proxy"
            : "The variable is for modules that the checksum database cannot see. A tampered module goes unnoticed unless its hash is in go.sum already",
        fixes: [
          {
            title: titleFor(facts, "Name only your own modules (put your own host in)"),
            disposition: "safe",
            command: `${unsetCommand(facts, name)}; go env -w GOPRIVATE='git.example.com/*'`,
          },
        ],
      },
    ];
  },
};

/** `go env` shows GOPRIVATE's value for GONOSUMDB too if that is not set on its own; GONOSUMDB is what counts. */
function source(facts: Facts): { name: "GOPRIVATE" | "GONOSUMDB"; wide: string[] } | undefined {
  const isPrivate = setting(facts, "GOPRIVATE");
  const exempt = setting(facts, "GONOSUMDB") || isPrivate;
  const wide = widePatterns(exempt);
  if (wide.length === 0) return undefined;
  return { name: exempt === isPrivate ? "GOPRIVATE" : "GONOSUMDB", wide };
}
