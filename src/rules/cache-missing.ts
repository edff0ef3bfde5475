// GOMODCACHE does not exist yet, and the subject can create it: no fault, but worth knowing.
import { octal } from "../permission/entry.ts";
import type { FactRule } from "./rule.ts";
import { pathOf, shellQuote, subjectName } from "./shared/say.ts";
import { setting } from "./shared/setting.ts";

export const cacheMissing: FactRule = {
  id: "cache-missing",
  severity: "advice",
  title: "the module cache does not exist yet",
  looksAt: "facts",
  blocked: ({ cache }) => {
    if (cache.state === "unseen")
      return `${cache.path} could not be looked at: ${cache.unseen ?? "no reason was given"}`;
    if (cache.state !== "missing" || (cache.creatable !== undefined && cache.creatable.verdict !== "unknown"))
      return undefined;
    return `whether ${cache.path} can be created is not known: ${cache.creatable?.because ?? "it was not tried"}`;
  },
  check: (facts) => {
    const { cache } = facts;
    // With GOPROXY=off nothing will fill it: proxy-off-incomplete says so.
    if (cache.state !== "missing" || cache.creatable?.verdict !== "yes" || setting(facts, "GOPROXY") === "off")
      return [];
    const { umask } = facts.subject.subject;
    return [
      {
        message: `${cache.path} does not exist yet; ${subjectName(facts)} can create it, and go does so at the first download`,
        paths: [pathOf(cache.path, undefined, facts)],
        count: 1,
        why: `Go makes it with mode 0777 less the umask of whoever comes first: umask ${octal(umask)} gives ${octal(0o777 & ~umask)}. A default ACL of the directory above takes the place of the umask`,
        fixes: [{ title: "Make it now", disposition: "safe", command: `mkdir -p ${shellQuote(cache.path)}` }],
      },
    ];
  },
};
