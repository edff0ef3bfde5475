// The answer of `route` for people: each way once, with the modules that go it.
import type { Finding } from "../finding/finding.ts";
import type { Credentials } from "../route/credentials.ts";
import type { RouteGroup } from "../route/group.ts";
import type { SettingChange } from "../route/plan.ts";
import type { When } from "../route/proxies.ts";
import type { Ask, Route } from "../route/route.ts";
import { hanging, pad } from "./layout.ts";
import type { RenderOptions } from "./options.ts";
import { type Paint, paint } from "./paint.ts";
import { pasteable, printable } from "./safe.ts";
import { findingBlock } from "./text.ts";

type TextOptions = Pick<RenderOptions, "version" | "width" | "colour" | "unicode" | "verbose" | "quiet">;

/** How many modules of a way are named without --verbose. */
const shown = 8;
const label = 14;

export function routeText(groups: readonly RouteGroup[], findings: readonly Finding[], options: TextOptions): string {
  const colours = paint(options.colour);
  const blocks = [
    ...(options.quiet ? [] : groups.map((group) => groupLines(group, options, colours))),
    ...findings.map((finding) => findingBlock(finding, options, colours)),
    [lastLine(groups, findings)],
  ];
  return `${blocks.map((lines) => lines.join("\n")).join("\n\n")}\n`;
}

function lastLine(groups: readonly RouteGroup[], findings: readonly Finding[]): string {
  const modules = groups.reduce((sum, group) => sum + group.modules.length, 0);
  const ways = `${modules} module${modules === 1 ? "" : "s"}, ${groups.length} way${groups.length === 1 ? "" : "s"}`;
  const stuck = groups.some(({ route }) => route.check.kind === "refused" || route.nobody !== undefined);
  const found =
    findings.length === 0 ? "nothing told to strangers that looks private" : `${findings.length} to look at`;
  return `${ways}: ${stuck ? "go cannot fetch all of them; " : ""}${found}`;
}

function groupLines({ route, modules }: RouteGroup, options: TextOptions, colours: Paint): string[] {
  const named = options.verbose ? modules : modules.slice(0, shown);
  const more = modules.length > named.length ? ` and ${modules.length - named.length} more (--verbose lists them)` : "";
  const heading = hanging("", `${named.map(printable).join(", ")}${more}`, options.width, 2);
  const line = (name: string, text: string): string[] => {
    const [first = "", ...rest] = hanging(`  ${pad(name, label - 2)}`, printable(text), options.width, label);
    return [`  ${colours.dim(pad(name, label - 2))}${first.slice(label)}`, ...rest];
  };
  return [
    ...heading.map((text) => colours.bold(text)),
    ...(route.noProxy === undefined
      ? []
      : line("no proxy", `${route.noProxy.variable} covers it with "${route.noProxy.pattern}"`)),
    ...(route.nobody === undefined
      ? asks(route).flatMap(([name, text]) => line(name, text))
      : line("asks", `nobody: ${route.nobody}`)),
    ...line("checked by", checkText(route)),
  ];
}

const asks = ({ asks: all }: Route): [string, string][] =>
  all.map((ask, index) => [index === 0 ? "asks" : "", `${index + 1}. ${askText(ask)}`]);

const whenText: Readonly<Record<When, string>> = {
  first: "",
  "not-found": ", if that answers 404 or 410",
  "any-error": ", if that fails in any way",
};

function askText(ask: Ask): string {
  const when = whenText[ask.when];
  if (ask.kind === "off") return `off${when}: go stops there`;
  if (ask.kind === "proxy") return `${ask.address}${when}${credentialText(ask.credentials)}`;
  const insecure = ask.insecure ? ", also over http and without a certificate (GOINSECURE)" : "";
  return `the origin${when}, by ${ask.vcs.replaceAll("|", " or ")} (GOVCS)${insecure}${credentialText(ask.credentials)}`;
}

function credentialText(credentials: Credentials): string {
  switch (credentials.from) {
    case "address":
      return `; user ${credentials.user} of the address`;
    case "netrc":
      return `; credentials of netrc for ${credentials.machine}`;
    case "GOAUTH":
      return `; GOAUTH asks "${credentials.command}" for credentials`;
    case "unknown":
      return `; credentials not known: ${credentials.reason}`;
    case "refused":
      return "; go refuses: it sends no password without https";
    case "none":
      return "";
  }
}

function checkText({ check }: Route): string {
  if (check.kind === "refused") return `nothing, go stops: ${check.reason}`;
  if (check.kind === "none") {
    const because =
      check.because === "GOSUMDB=off"
        ? check.because
        : `${check.because.variable} covers it with "${check.because.pattern}"`;
    return `go.sum alone; content that is new to it is taken as it comes (${because})`;
  }
  if (check.through.length === 0) return `go.sum; what is new to it by ${check.name} at ${check.address}`;
  const proxies = check.through.map(({ address, when }) => address + whenText[when]).join("; ");
  return `go.sum; what is new to it by ${check.name} through the first that passes it on: ${proxies}; else ${check.address}`;
}

/** What `route --plan` says: each change with its reason, and the commands alone where they are piped. */
export function planText(
  changes: readonly (SettingChange & { readonly command: string })[],
  options: TextOptions,
): string {
  const colours = paint(options.colour);
  if (changes.length === 0) return "# the settings give that already\n";
  return changes
    .flatMap(({ because, command }) => [colours.dim(`# ${printable(because)}`), pasteable(command)])
    .map((line) => `${line}\n`)
    .join("");
}
