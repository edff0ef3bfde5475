// What `gomodcache fix` brings in order by itself, without being told an owner, a group or a contract.
import type { Facts } from "../../facts/facts.ts";
import type { Fix } from "../../finding/finding.ts";
import { shellQuote } from "./say.ts";
import { asRoot } from "./shell.ts";

const repaired: ReadonlySet<string> = new Set([
  "acl-denies",
  "extracted-directory-owner-writable",
  "extracted-directory-writable",
  "extracted-source-writable",
  "info-file-empty",
  "mod-file-empty",
  "partial-extraction",
  "stale-temporary-file",
  "sticky-directory-with-files",
  "world-writable-after-clean",
  "ziphash-empty",
  "ziphash-torn",
]);

/** The remedy that shows what it will do, asks, and can be taken back; none for rules that need a decision first. */
export function repairByFix(rule: string, facts: Facts): Fix[] {
  if (!repaired.has(rule) || (facts.platform !== "linux" && facts.platform !== "darwin")) return [];
  const command = `gomodcache fix --cache-dir ${shellQuote(facts.cache.realPath)} --only ${rule}`;
  const { uid: owner } = facts.cache.entry ?? {};
  const owns = owner === facts.self.uid;
  const title = "Show what it would do, ask, and do it";
  if (owns || facts.platform === "linux")
    return [{ title, disposition: "safe", command: owns ? command : asRoot(facts, command) }];
  // Where there is no /proc, root changes nothing that others could exchange meanwhile: the owner does.
  const name = owner === undefined || owner === 0 ? undefined : facts.userNames.get(owner);
  return [
    {
      title,
      disposition: "safe",
      command: name === undefined ? asRoot(facts, command) : `sudo -u ${shellQuote(name)} ${command}`,
    },
  ];
}
