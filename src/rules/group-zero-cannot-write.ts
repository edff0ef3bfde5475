// OpenShift gives each project UIDs of its own; only group 0 is the same for all of them, and the cache in the image is closed to it.
import type { Facts } from "../facts/facts.ts";
import type { FactRule } from "./rule.ts";
import { isEmptyCache, ownCacheFix, refusalOf } from "./shared/directory.ts";
import { evidenceOf, isClosedToArbitraryUid } from "./shared/host.ts";
import { pathOf, shellQuote } from "./shared/say.ts";

export const groupZeroCannotWrite: FactRule = {
  id: "group-zero-cannot-write",
  severity: "error",
  title: "the module cache is closed to the arbitrary UIDs of OpenShift",
  looksAt: "facts",
  check: (facts) => {
    if (!isClosedToArbitraryUid(facts)) return [];
    const { cache, subject } = facts;
    const outcome = cache.state === "missing" ? cache.creatable : cache.writable;
    const usable = cache.state === "directory" && !isEmptyCache(facts);
    return [
      {
        message: `uid ${subject.subject.uid} cannot ${cache.state === "missing" ? "make" : "write in"} ${cache.path}: ${usable ? "what is not in it yet cannot be fetched" : "every go command that needs a module fails"}, in every pod of this image`,
        paths: [pathOf(cache.path, cache.entry, facts)],
        count: 1,
        subject: "every UID that OpenShift may choose",
        why: `${evidenceOf(facts, "openshift") ?? ""}. ${outcome === undefined ? "" : refusalOf(outcome)}. The UID is another one in each project, so that no owner helps: what group 0 may do counts`,
        severity: usable && facts.project?.complete !== false ? "warning" : "error",
        fixes: [imageFix(facts), ownCacheFix(facts)],
      },
    ];
  },
};

function imageFix({ cache }: Facts) {
  const path = shellQuote(cache.path);
  return {
    title: "In the Dockerfile, in the RUN that fills the cache; go's other directories need the same",
    disposition: "safe",
    command: `mkdir -p ${path} && chgrp -R 0 ${path} && chmod -R g=u ${path}`,
  } as const;
}
