// Of a plan, what certain rules of the doctor find: the rules themselves are asked about each entry.
import { UserError } from "../error.ts";
import type { Facts } from "../facts/facts.ts";
import { allRules } from "../rules/all.ts";
import type { EntryRule } from "../rules/rule.ts";
import { type ContentRepair, isRepairable } from "./content.ts";
import type { DirectoryRepairs, Plan, Repair } from "./plan.ts";

/** @throws {UserError} for a rule that does not exist, or that is not about single entries */
export function onlyRules(plan: Plan, ids: readonly string[], facts: Facts): Plan {
  if (ids.length === 0) return plan;
  const rules = ids.filter((id) => !isRepairable(id) || id === "stale-temporary-file").map(ruleOf);
  const isFound = (names: readonly string[], { name, kind, seen }: Repair): boolean => {
    const entry = {
      type: seen.isDirectory ? ("directory" as const) : ("file" as const),
      ...{ uid: seen.uid, gid: seen.gid, mode: seen.mode, links: seen.links, size: 1, modified: 0 },
      ...seen.acls,
      ...(facts.cache.mount === undefined ? {} : { mount: facts.cache.mount }),
    };
    const path = [plan.root, ...names, name].filter((one) => one !== "").join("/");
    const shown = { path, kind, entry, reachable: { verdict: "yes" as const } };
    return rules.some((rule) => (rule.kinds === undefined || rule.kinds.includes(kind)) && rule.departs(shown, facts));
  };
  const keep = (directories: readonly DirectoryRepairs[]): DirectoryRepairs[] =>
    directories
      .map(({ names, changes }) => ({ names, changes: changes.filter((repair) => isFound(names, repair)) }))
      .filter(({ changes }) => changes.length > 0);
  const { rootRepair, ...rest } = plan;
  const kept = rootRepair !== undefined && isFound([], rootRepair) ? { rootRepair } : {};
  return { ...rest, ...kept, directories: keep(plan.directories), beyond: keep(plan.beyond) };
}

/** Of content repairs, those that these rules found; all if no rule is named. */
export function onlyContents(contents: readonly ContentRepair[], ids: readonly string[]): ContentRepair[] {
  return contents.filter(({ rule }) => ids.length === 0 || ids.includes(rule));
}

function ruleOf(id: string): EntryRule {
  const rule = allRules.find((candidate) => candidate.id === id);
  if (rule === undefined) throw new UserError(`there is no rule called ${id}`, "gomodcache explain lists them");
  if (rule.looksAt === "entries") return rule;
  throw new UserError(
    `${id} is not about owners and modes of single entries: fix cannot be limited to it`,
    `gomodcache explain ${id} says what to do`,
  );
}
