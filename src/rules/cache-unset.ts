// Go has no idea where the module cache is: neither GOMODCACHE nor GOPATH nor HOME is set.
import type { FactRule } from "./rule.ts";
import { shellQuote, subjectName } from "./shared/say.ts";

export const cacheUnset: FactRule = {
  id: "cache-unset",
  severity: "error",
  title: "no module cache is set",
  looksAt: "facts",
  check: (facts) => {
    if (facts.cache.state !== "unset") return [];
    const { home } = facts.subject;
    const command =
      home === undefined || home === "/" ? 'export HOME="$(mktemp -d)"' : `export HOME=${shellQuote(home)}`;
    return [
      {
        message: `Go does not know where ${subjectName(facts)} keeps modules: GOMODCACHE, GOPATH and HOME are all unset`,
        paths: [],
        count: 1,
        subject: subjectName(facts),
        why: "Go derives GOMODCACHE from GOPATH, and GOPATH from HOME. Services, cloud-init scripts and `env -i` start programs without HOME",
        fixes: [
          { title: "Set HOME; go finds GOPATH, GOMODCACHE and GOCACHE from it", disposition: "safe", command },
          {
            title: "Or name both caches",
            disposition: "safe",
            command: 'export GOPATH="$(mktemp -d)"; export GOCACHE="$GOPATH/build-cache"',
          },
        ],
      },
    ];
  },
};
