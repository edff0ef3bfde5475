// GOPROXY=off with a cache that lacks modules: nothing can be downloaded, so the build fails.
import type { Facts } from "../facts/facts.ts";
import type { FactRule } from "./rule.ts";
import { isEmptyCache } from "./shared/directory.ts";
import { pathOf, shellQuote } from "./shared/say.ts";
import { ownVariable, setting, titleFor } from "./shared/setting.ts";

export const proxyOffIncomplete: FactRule = {
  id: "proxy-off-incomplete",
  severity: "error",
  title: "GOPROXY is off and the cache lacks modules",
  looksAt: "facts",
  check: (facts) => {
    if (setting(facts, "GOPROXY") !== "off") return [];
    const lacks = whatLacks(facts);
    if (lacks === undefined) return [];
    return [
      {
        message: `GOPROXY is off and ${lacks}, so a build that needs them fails for everybody who has this setting`,
        paths: [pathOf(facts.cache.path, facts.cache.entry, facts)],
        count: 1,
        why: "Go then downloads nothing. It gives the same message, `module lookup disabled by GOPROXY=off`, when a module is there but its .mod file cannot be read",
        fixes: [
          {
            title: titleFor(facts, "Fill the cache once with the proxy on, in the project's directory"),
            disposition: "safe",
            command: fillCommand(facts),
          },
        ],
      },
    ];
  },
};

function whatLacks(facts: Facts): string | undefined {
  const { cache, project } = facts;
  if (cache.state === "missing") return `${cache.path} does not exist, so it holds no modules`;
  if (isEmptyCache(facts)) return `${cache.path} holds no modules`;
  return project?.complete === false ? `${cache.path} lacks modules of ${project.directory}` : undefined;
}

function fillCommand(facts: Facts): string {
  const into = facts.project === undefined ? "" : `cd ${shellQuote(facts.project.directory)} && `;
  // Without the variable, the setting of `go env -w` is used; an empty GOPROXY means Go's default to go (cfg.EnvOrAndChanged).
  return ownVariable(facts, "GOPROXY")
    ? `${into}env -u GOPROXY go mod download`
    : `${into}go env -u GOPROXY && go mod download`;
}
