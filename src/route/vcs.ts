// Which version control systems go may run for a module: GOVCS, `go help vcs`, cmd/go/internal/vcs/vcs.go.
import { matchingPattern } from "../gocache/pattern.ts";
import type { RouteSettings } from "./settings.ts";

/** What GOVCS lets go run: `git|hg`, `all`, `off`; or that the setting is malformed. */
export function vcsAllowed(module: string, { govcs, goprivate }: RouteSettings): string {
  const isPrivate = matchingPattern(goprivate, module) !== undefined;
  const rules = govcs.split(",").filter((rule) => rule.trim() !== "");
  for (const rule of [...rules, "private:all", "public:git|hg"]) {
    const colon = rule.indexOf(":");
    if (colon < 0) return `nothing (malformed entry in GOVCS: ${rule.trim()})`;
    const [pattern, list] = [rule.slice(0, colon).trim(), rule.slice(colon + 1).trim()];
    const matches =
      pattern === "private" ? isPrivate : pattern === "public" ? !isPrivate : matchingPattern(pattern, module);
    if (matches) return list;
  }
  return "off";
}
