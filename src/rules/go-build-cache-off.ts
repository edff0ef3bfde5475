// GOCACHE is `off`, or a relative path, which go treats as if it were off. A build cache is required since Go 1.12.
import type { FactRule } from "./rule.ts";
import { ownVariable, setting, unsetCommand } from "./shared/setting.ts";

export const goBuildCacheOff: FactRule = {
  id: "go-build-cache-off",
  severity: "error",
  title: "the build cache (GOCACHE) is switched off",
  looksAt: "facts",
  check: (facts) => {
    const asked = ownVariable(facts, "GOCACHE") || undefined;
    const value = asked ?? setting(facts, "GOCACHE");
    const relative = asked !== undefined && asked !== "off" && !asked.startsWith("/");
    if (value !== "off" && !relative) return [];
    // go says `off` as well when it finds neither HOME nor XDG_CACHE_HOME: home-missing or cache-unset tells that.
    const homeless = facts.subject.self
      ? !facts.environment["HOME"] && !facts.environment["XDG_CACHE_HOME"]
      : facts.subject.home === undefined;
    if (asked === undefined && homeless) return [];
    return [
      {
        message: relative
          ? `GOCACHE is the relative path ${value}, and go refuses to build with it for every user who has this setting`
          : "GOCACHE is off, so go build, go test, go vet and go run fail for every user who has this setting",
        paths: [],
        count: 1,
        why: relative ? "Go accepts absolute paths only" : "Go needs a build cache since Go 1.12",
        fixes: [{ title: "Go back to Go's default", disposition: "safe", command: unsetCommand(facts, "GOCACHE") }],
      },
    ];
  },
};
