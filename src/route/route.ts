// Where go would fetch a module from, in which order, and what checks it.

import { matchingPattern } from "../gocache/pattern.ts";
import { type DatabaseCheck, databaseCheck } from "./checks.ts";
import { type Credentials, credentialsFor } from "./credentials.ts";
import { readProxies, type When } from "./proxies.ts";
import { coveredBy, type Match, type RouteSettings } from "./settings.ts";
import { vcsAllowed } from "./vcs.ts";

export type Ask =
  | { readonly kind: "proxy"; readonly address: string; readonly when: When; readonly credentials: Credentials }
  | {
      readonly kind: "origin";
      readonly when: When;
      /** For the page that tells the repository; the version control system has its own for the rest. */
      readonly credentials: Credentials;
      /** What GOVCS lets go run. */
      readonly vcs: string;
      /** True if GOINSECURE lets go fall back on http and on certificates that nobody signed. */
      readonly insecure: boolean;
    }
  /** `off`: go stops here. */
  | { readonly kind: "off"; readonly when: When };

export interface Route {
  readonly module: string;
  /** The pattern that keeps it from the proxies, if one does. */
  readonly noProxy?: Match;
  readonly asks: readonly Ask[];
  readonly check: DatabaseCheck;
  /** Why nobody is asked although go would need to: a malformed setting, or vendoring. */
  readonly nobody?: string;
}

/** The route of a module that is not in the cache. @param module its path, as in go.mod */
export function routeOf(module: string, settings: RouteSettings): Route {
  const check = databaseCheck(module, settings);
  const noProxy = coveredBy("GONOPROXY", module, settings);
  const route = { module, check, ...(noProxy === undefined ? {} : { noProxy }) };
  if (settings.vendored) return { ...route, asks: [], nobody: "packages come from the vendor directory" };
  const { entries, malformed } = readProxies(settings.goproxy);
  if (malformed !== undefined) return { ...route, asks: [], nobody: malformed };
  const origin = (when: When): Ask => ({
    kind: "origin",
    when,
    credentials: credentialsFor(new URL(`https://${module}`), settings),
    vcs: vcsAllowed(module, settings),
    insecure: coveredByInsecure(module, settings),
  });
  // Also where GOPROXY is off: GONOPROXY is looked at before it (proxyList's "noproxy").
  if (noProxy !== undefined) return { ...route, asks: [origin("first")] };
  const asks: Ask[] = [];
  let when: When = "first";
  for (const entry of entries) {
    if (entry.kind === "off") asks.push({ kind: "off", when });
    else if (entry.kind === "direct") asks.push(origin(when));
    else {
      asks.push({ kind: "proxy", address: entry.shown, when, credentials: credentialsFor(entry.url, settings) });
      when = entry.fallBack;
    }
  }
  return { ...route, asks };
}

const coveredByInsecure = (module: string, { goinsecure }: RouteSettings): boolean =>
  matchingPattern(goinsecure, module) !== undefined;
