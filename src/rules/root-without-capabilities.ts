// UID 0 without the capabilities that make it root: in a container that dropped them, other users' files are closed to it.
import type { Facts } from "../facts/facts.ts";
import type { Capability } from "../permission/subject.ts";
import type { FactRule } from "./rule.ts";
import { pathOf, shellQuote, userName } from "./shared/say.ts";

/** What cannot be done without each of them (capabilities(7)). */
const uses: Partial<Record<Capability, string>> = {
  dac_override: "write what others own",
  fowner: "chmod what others own, as go clean -modcache does",
  chown: "give files to another user",
};

export const rootWithoutCapabilities: FactRule = {
  id: "root-without-capabilities",
  severity: "warning",
  title: "root lacks the capabilities that it needs",
  looksAt: "facts",
  check: (facts) => {
    const { subject } = facts.subject;
    if (subject.uid !== 0) return [];
    const missing = (Object.keys(uses) as Capability[]).filter((name) => !subject.capabilities.has(name));
    if (missing.length === 0 || !isHurt(facts)) return [];
    const { cache } = facts;
    const names = missing.map((name) => `CAP_${name.toUpperCase()}`).join(", ");
    return [
      {
        message: `root runs without ${names}: it cannot ${missing.map((name) => uses[name]).join(", nor ")}`,
        paths: cache.entry === undefined ? [] : [pathOf(cache.path, cache.entry, facts)],
        count: missing.length,
        subject: "root (0)",
        why: "The container or service dropped these capabilities (docker --cap-drop, capabilities.drop in a Pod, CapabilityBoundingSet in a unit). Root is then an ordinary user",
        fixes: fixes(facts, missing),
      },
    ];
  },
};

/** Root that meets only its own files does not need the capabilities. */
function isHurt(facts: Facts): boolean {
  const { entry, writable, creatable } = facts.cache;
  return (entry !== undefined && entry.uid !== 0) || writable?.verdict === "no" || creatable?.verdict === "no";
}

function fixes(facts: Facts, missing: readonly Capability[]): ReturnType<FactRule["check"]>[number]["fixes"] {
  const owner = facts.cache.entry;
  const program = facts.container === "podman" ? "podman" : "docker";
  const asOwner = {
    title: `Run go as the owner of the cache${owner === undefined ? "" : `, ${userName(owner.uid, facts)}`} (IMAGE is your image)`,
    disposition: "safe" as const,
    command: `${program} run --user ${owner?.uid ?? "UID"}:${owner?.gid ?? "GID"} IMAGE`,
  };
  const added = missing.map((name) => `--cap-add ${shellQuote(name.toUpperCase())}`).join(" ");
  const addThem = {
    title: "Or give root its capabilities back",
    disposition: "unsafe" as const,
    command: `${program} run ${added} IMAGE`,
  };
  return owner?.uid === 0 ? [addThem] : [asOwner, addThem];
}
