// `why`: the chain of one path, what the kernel itself says, and what would change it.
import type { Facts } from "../facts/facts.ts";
import type { ChainLink, WhyAnswer } from "../finding/answer.ts";
import { askKernel } from "../host/kernel-check.ts";
import type { MachineWorld } from "../host/world.ts";
import type { Need } from "../permission/access.ts";
import { drawChain } from "../permission/chain.ts";
import { grants } from "../permission/grant.ts";
import { shellQuote } from "../rules/say.ts";

/** Explains whether the subject may do something with a path. The path is absolute. */
export function explainPath(facts: Facts, world: MachineWorld, path: string, need: Need): WhyAnswer {
  const { subject, name } = facts.subject;
  const chain = world.settle(() => drawChain(world, subject, facts.kernel, path, need));
  world.prefetchAttributes(chain.links.filter((link) => link.mode !== "").map((link) => link.path));
  const { verdict, links, decisive } = world.settle(() => drawChain(world, subject, facts.kernel, path, need));
  const guarded = verdict === "yes" && facts.securityModule !== undefined ? "unknown" : verdict;
  const decidedNeed = links.at(-1)?.need ?? need;
  return {
    path,
    need,
    subject,
    ...(name === undefined ? {} : { subjectName: name }),
    verdict: guarded,
    chain: links.map((link) => named(link, facts)),
    kernel: kernelSays(facts, path, need, verdict),
    fixes:
      decisive === undefined || decidedNeed === "exist"
        ? []
        : grants(decisive.path, decisive.entry, decidedNeed, decisive.decision, subject, shellQuote),
  };
}

function named(link: ChainLink, facts: Facts): ChainLink {
  if (link.mode === "") return link;
  return {
    ...link,
    owner: facts.userNames.get(Number(link.owner)) ?? link.owner,
    group: facts.groupNames.get(Number(link.group)) ?? link.group,
  };
}

function kernelSays(facts: Facts, path: string, need: Need, verdict: WhyAnswer["verdict"]): WhyAnswer["kernel"] {
  const { subject, self } = facts.subject;
  const asked = askKernel(subject, self, path, need);
  if ("reason" in asked) return { asked: false, reason: asked.reason };
  const agrees = verdict === "unknown" || asked.allowed === (verdict === "yes");
  return { asked: true, allowed: asked.allowed, agrees };
}
