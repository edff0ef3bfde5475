// `why`: the chain of one path, what the kernel itself says, and what would change it.
import type { Facts } from "../facts/facts.ts";
import type { ChainLink, WhyAnswer } from "../finding/answer.ts";
import { askKernel } from "../host/kernel-check.ts";
import type { MachineWorld } from "../host/world.ts";
import { drawChain } from "../permission/chain.ts";
import type { Ask } from "../permission/decision.ts";
import { grants } from "../permission/grant.ts";
import { sameCredentials } from "../permission/subject.ts";
import { shellQuote } from "../rules/shared/say.ts";

/** Explains whether the subject may do something with a path. The path is absolute. */
export function explainPath(facts: Facts, world: MachineWorld, path: string, need: Ask): WhyAnswer {
  const { subject, name } = facts.subject;
  const { verdict, links, decisive } = world.settle(() => drawChain(world, subject, facts.kernel, path, need));
  const guarded = verdict === "yes" && facts.securityModule !== undefined ? "unknown" : verdict;
  return {
    path,
    need,
    subject,
    ...(name === undefined ? {} : { subjectName: name }),
    verdict: guarded,
    chain: links.map((link) => named(link, facts)),
    kernel: kernelSays(facts, path, need, verdict),
    fixes: decisive?.entry === undefined ? [] : grants({ ...decisive, entry: decisive.entry }, subject, shellQuote),
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

function kernelSays(facts: Facts, path: string, need: Ask, verdict: WhyAnswer["verdict"]): WhyAnswer["kernel"] {
  const { subject } = facts.subject;
  if (need !== "read" && need !== "write" && need !== "execute") {
    return { asked: false, reason: `whether ${need} is allowed cannot be tried without doing it` };
  }
  const asked = askKernel(subject, sameCredentials(subject, facts.self), path, need);
  if ("reason" in asked) return { asked: false, reason: asked.reason };
  const agrees = verdict === "unknown" || asked.allowed === (verdict === "yes");
  return { asked: true, allowed: asked.allowed, agrees };
}
