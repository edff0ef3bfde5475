// GOMODCACHE, or the GOPATH that it comes from, is a relative path. Go accepts absolute ones only (modfetch/cache.go, checkCacheDir).
import type { FactRule } from "./rule.ts";
import { shellQuote } from "./shared/say.ts";
import { setCommand, setting, titleFor, unsetCommand } from "./shared/setting.ts";

export const cachePathRelative: FactRule = {
  id: "cache-path-relative",
  severity: "error",
  title: "GOMODCACHE is a relative path",
  looksAt: "facts",
  check: (facts) => {
    const { cache } = facts;
    if (cache.state !== "relative") return [];
    const gopath = setting(facts, "GOPATH");
    const name = gopath !== "" && !gopath.startsWith("/") && cache.path.startsWith(gopath) ? "GOPATH" : "GOMODCACHE";
    const value = name === "GOPATH" ? gopath : cache.path;
    return [
      {
        message: `${name} is the relative path ${value}, and go refuses to work with it for every user who has this setting`,
        paths: [],
        count: 1,
        why: "A relative cache would be another directory in every working directory, so Go accepts absolute paths only",
        fixes: [
          {
            title: titleFor(facts, "Make it absolute, from the directory that was meant"),
            disposition: "safe",
            command: setCommand(facts, name, `"$PWD"/${shellQuote(value.replace(/^(\.\/)+/, ""))}`),
          },
          {
            title: titleFor(facts, "Go back to Go's default"),
            disposition: "safe",
            command: unsetCommand(facts, name),
          },
        ],
      },
    ];
  },
};
