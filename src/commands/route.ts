// `route [MODULE…]`: where go would fetch a module from, in which order, and what checks it.

import type { Context } from "../context.ts";
import { type ExitStatus, exitStatus, UserError } from "../error.ts";
import type { Facts } from "../facts/facts.ts";
import { asFinding, type Finding } from "../finding/finding.ts";
import { flagValue } from "../gocache/machine.ts";
import { netrcHosts } from "../host/netrc.ts";
import { Oracle } from "../oracle/ask.ts";
import { planJson, routeJson } from "../report/route-json.ts";
import { planText, routeText } from "../report/route-text.ts";
import { groupRoutes } from "../route/group.ts";
import { planSettings } from "../route/plan.ts";
import { readProxies } from "../route/proxies.ts";
import { routeOf } from "../route/route.ts";
import type { RouteSettings } from "../route/settings.ts";
import { suspects } from "../route/suspect.ts";
import { checksumBypassWide } from "../rules/checksum-bypass-wide.ts";
import { checksumDatabaseOff } from "../rules/checksum-database-off.ts";
import { goproxyMalformed } from "../rules/goproxy-malformed.ts";
import { insecureDownload } from "../rules/insecure-download.ts";
import { privatePatternDead } from "../rules/private-pattern-dead.ts";
import type { FactRule } from "../rules/rule.ts";
import { shellQuote } from "../rules/shared/say.ts";
import { setCommand, setting, unsetCommand } from "../rules/shared/setting.ts";
import { writeStream } from "../ui/output.ts";
import { readQuestion } from "./question.ts";
import { expectShortRun } from "./short-run.ts";
import { type CommonOptions, renderOptions } from "./terminal.ts";

export interface RouteOptions extends CommonOptions {
  readonly for?: string;
  readonly private?: string;
  readonly plan?: boolean;
  readonly proxy?: string;
}

export async function route(names: readonly string[], options: RouteOptions, context: Context): Promise<ExitStatus> {
  checkOptions(names, options);
  expectShortRun();
  const { facts, world, directory } = readQuestion(options, context);
  const oracle = new Oracle(facts, world);
  const rendering = renderOptions(options, context);
  const wish = (options.private ?? "").split(",").filter((pattern) => pattern.trim() !== "");
  if (options.plan === true) {
    const changes = planSettings(settingsOf(facts, context, false), {
      patterns: wish.map((pattern) => pattern.trim()),
      ...(options.proxy === undefined ? {} : { proxy: options.proxy }),
    }).map((change) => {
      const { name, value } = change;
      const command = value === undefined ? unsetCommand(facts, name) : setCommand(facts, name, shellQuote(value));
      return { ...change, command };
    });
    await writeStream(
      context.stdout,
      options.json === true ? planJson(changes, rendering) : planText(changes, rendering),
    );
    return exitStatus.ok;
  }
  const project = names.length === 0 || options.for !== undefined ? oracle.project(directory) : undefined;
  if (names.length === 0 && project === undefined) {
    throw new UserError(
      `there is no go.mod at or above ${directory}`,
      "name modules, such as gomodcache route golang.org/x/text, or a project: --for DIR",
    );
  }
  const settings = settingsOf(facts, context, project?.vendored ?? false);
  const modules =
    names.length > 0 || project === undefined
      ? names.map((name) => name.replace(/@.*$/s, ""))
      : oracle.modules(project).map(({ path }) => path);
  const routes = [...new Set(modules)].sort().map((module) => routeOf(module, settings));
  const mains = project?.mains.flatMap(({ goMod }) => (goMod.module === undefined ? [] : [goMod.module])) ?? [];
  const findings = [...settingFindings(facts), ...suspects(routes, { patterns: options.private ?? "", mains })];
  await writeStream(
    context.stdout,
    options.json === true
      ? routeJson(routes, findings, rendering)
      : routeText(groupRoutes(routes), findings, rendering),
  );
  const stuck = routes.some(({ check, asks }) => check.kind === "refused" || (asks.length === 0 && !settings.vendored));
  return stuck ? exitStatus.findings : exitStatus.ok;
}

/** What the doctor too would say of the settings that routes are made of. */
const settingRules: readonly FactRule[] = [
  goproxyMalformed,
  privatePatternDead,
  checksumDatabaseOff,
  checksumBypassWide,
  insecureDownload,
];

const settingFindings = (facts: Facts): Finding[] =>
  settingRules.flatMap((rule) => rule.check(facts).map((draft) => asFinding(rule, draft)));

function checkOptions(names: readonly string[], { plan, proxy, private: patterns }: RouteOptions): void {
  for (const name of names) {
    if (/^[A-Za-z0-9][\w.~-]*(\/[\w.~-]+)*(@\S*)?$/.test(name)) continue;
    throw new UserError(
      `"${name}" is no module path`,
      "it looks like example.com/team/library, with or without @version",
    );
  }
  if (plan !== true && proxy !== undefined) throw new UserError("--proxy says nothing without --plan", "add --plan");
  if (plan === true && names.length > 0)
    throw new UserError("--plan takes no modules", "name what is private: --plan --private 'git.example.com/*'");
  if (plan === true && (patterns ?? "").trim() === "")
    throw new UserError("--plan needs to know what is private", "add --private 'git.example.com/*'");
  if (proxy === undefined) return;
  const { malformed, entries } = readProxies(proxy);
  const [entry] = entries;
  if (malformed === undefined && entries.length === 1 && entry?.kind === "proxy") return;
  throw new UserError(`--proxy ${proxy} is no address of a proxy`, "such as https://goproxy.example.com");
}

/** netrc is only known of the user who asks. */
function settingsOf(facts: Facts, { env }: Context, vendored: boolean): RouteSettings {
  const goflags = setting(facts, "GOFLAGS").split(/\s+/);
  const goprivate = setting(facts, "GOPRIVATE");
  return {
    goproxy: setting(facts, "GOPROXY"),
    goprivate,
    gonoproxy: setting(facts, "GONOPROXY") || goprivate,
    gonosumdb: setting(facts, "GONOSUMDB") || goprivate,
    gosumdb: setting(facts, "GOSUMDB"),
    goinsecure: setting(facts, "GOINSECURE"),
    govcs: setting(facts, "GOVCS"),
    goauth: setting(facts, "GOAUTH"),
    vendored: vendored || flagValue(goflags, "mod") === "vendor",
    netrc: facts.subject.self ? netrcHosts(env) : undefined,
  };
}
