// Modules that look private, and still are told to somebody outside: a proxy, or the checksum database.
import { asFinding, type Finding } from "../finding/finding.ts";
import { matchingPattern } from "../gocache/pattern.ts";
import { isPublicHost } from "../rules/shared/pattern.ts";
import { shellQuote } from "../rules/shared/say.ts";
import type { Route } from "./route.ts";

export interface Hints {
  /** Patterns that the user says are private. */
  readonly patterns: string;
  /** Paths of the project's own modules: what is on the same host of their own is likely private too. */
  readonly mains: readonly string[];
}

export const privateModuleToProxy = {
  id: "private-module-to-proxy",
  severity: "warning",
  title: "a proxy is asked for a private module",
} as const;

export const privateModuleToSumdb = {
  id: "private-module-to-sumdb",
  severity: "warning",
  title: "the checksum database is asked for a private module",
} as const;

export const routeRules = [privateModuleToProxy, privateModuleToSumdb] as const;

/** What the routes tell to whom it should not be told. */
export function suspects(routes: readonly Route[], hints: Hints): Finding[] {
  const isPrivate = (route: Route): boolean => reasonFor(route, hints) !== undefined;
  const likely = routes.filter(isPrivate);
  // A proxy on this machine or of the same host is not outside.
  const toProxy = likely.filter((route) => outsideProxies(route).length > 0);
  const toSumdb = likely.filter(
    ({ check, asks }) => check.kind === "database" && asks.some(({ kind }) => kind !== "off"),
  );
  return [
    ...finding(privateModuleToProxy, toProxy, hints, (route) => outsideProxies(route).join(", ")),
    ...finding(
      privateModuleToSumdb,
      toSumdb.filter((route) => !toProxy.includes(route)),
      hints,
      ({ check }) => (check.kind === "database" ? check.name : ""),
    ),
  ];
}

/** Why a module is taken for private; undefined if nothing says so. */
function reasonFor({ module, noProxy, check }: Route, { patterns, mains }: Hints): string | undefined {
  if (matchingPattern(patterns, module) !== undefined) return "--private names it";
  // Who keeps it from the proxies or from the database means it to be private.
  if (noProxy !== undefined) return `${noProxy.variable} covers it`;
  if (check.kind === "none" && check.because !== "GOSUMDB=off") return `${check.because.variable} covers it`;
  const host = hostOf(module);
  if (host === "" || isPublicHost(host)) return undefined;
  const main = mains.find((path) => hostOf(path) === host);
  return main === undefined ? undefined : `it is on ${host}, as ${main} is`;
}

const hostOf = (module: string): string => {
  const first = module.split("/")[0] ?? "";
  return first.includes(".") ? first : "";
};

function outsideProxies({ asks, module }: Route): string[] {
  return asks.flatMap((ask) => {
    if (ask.kind !== "proxy" || ask.address.startsWith("file:")) return [];
    const host = new URL(ask.address).hostname;
    const inside = /^(localhost|127\..*|\[::1\])$/.test(host) || sharesDomain(host, hostOf(module));
    return inside ? [] : [ask.address];
  });
}

/** `goproxy.corp.example.com` and `git.corp.example.com`: the last two labels agree. */
function sharesDomain(one: string, other: string): boolean {
  const last = (host: string): string => host.split(".").slice(-2).join(".");
  return other !== "" && last(one) === last(other);
}

function finding(
  rule: (typeof routeRules)[number],
  routes: readonly Route[],
  hints: Hints,
  to: (route: Route) => string,
): Finding[] {
  const [first] = routes;
  if (first === undefined) return [];
  const names = routes.slice(0, 3).map(({ module }) => module);
  const more = routes.length > 3 ? ` and ${routes.length - 3} more` : "";
  const hosts = [...new Set(routes.map(({ module }) => hostOf(module) || module))];
  const certain = matchingPattern(hints.patterns, first.module) !== undefined;
  return [
    asFinding(rule, {
      confidence: certain ? "certain" : "likely",
      message: `${names.join(", ")}${more}: ${to(first)} is told the name and version`,
      paths: [],
      count: routes.length,
      why: `${first.module} is taken for private: ${reasonFor(first, hints)}. Whoever is asked learns the name; a stranger can publish a module of that name there`,
      fixes: [
        {
          title: "See the settings that keep it inside, then run what is printed",
          disposition: "safe",
          command: `gomodcache route --plan --private ${shellQuote(hosts.join(","))}`,
        },
      ],
    }),
  ];
}
