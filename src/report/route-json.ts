// The documents of `route`.
import type * as z from "zod/mini";
import type { Finding } from "../finding/finding.ts";
import type { DatabaseCheck } from "../route/checks.ts";
import type { Credentials } from "../route/credentials.ts";
import type { SettingChange } from "../route/plan.ts";
import type { Ask, Route } from "../route/route.ts";
import { documentHead, findingFields } from "./json.ts";
import type { RenderOptions } from "./options.ts";
import type { routeDocument, routePlanDocument } from "./route-schema.ts";
import { jsonText } from "./safe.ts";

type RouteDocument = z.infer<typeof routeDocument>;
type RoutePlanDocument = z.infer<typeof routePlanDocument>;
type AskFields = RouteDocument["routes"][number]["asks"][number];
type CheckFields = RouteDocument["routes"][number]["check"];

export function routeJson(
  routes: readonly Route[],
  findings: readonly Finding[],
  options: Pick<RenderOptions, "version">,
): string {
  const document: RouteDocument = {
    ...documentHead("route", options),
    routes: routes.map(({ module, noProxy, nobody, asks, check }) => ({
      module,
      ...(noProxy === undefined ? {} : { noProxy: { ...noProxy } }),
      ...(nobody === undefined ? {} : { nobody }),
      asks: asks.map(askFields),
      check: checkFields(check),
    })),
    findings: findings.map(findingFields),
  };
  return `${jsonText(document)}\n`;
}

export function planJson(
  changes: readonly (SettingChange & { readonly command: string })[],
  options: Pick<RenderOptions, "version">,
): string {
  const document: RoutePlanDocument = {
    ...documentHead("route", options),
    changes: changes.map(({ name, value, because, command }) => ({ name, value: value ?? null, because, command })),
  };
  return `${jsonText(document)}\n`;
}

function askFields(ask: Ask): AskFields {
  const { kind, when } = ask;
  if (ask.kind === "off") return { kind, when };
  const credentials = credentialFields(ask.credentials);
  if (ask.kind === "proxy") return { kind, when, address: ask.address, credentials };
  return { kind, when, vcs: ask.vcs, insecure: ask.insecure, credentials };
}

function credentialFields(credentials: Credentials): NonNullable<AskFields["credentials"]> {
  const { from } = credentials;
  const detail =
    from === "address"
      ? credentials.user
      : from === "netrc"
        ? credentials.machine
        : from === "GOAUTH"
          ? credentials.command
          : from === "refused"
            ? undefined
            : credentials.reason;
  return { from, ...(detail === undefined ? {} : { detail }) };
}

function checkFields(check: DatabaseCheck): CheckFields {
  const { kind } = check;
  if (kind === "refused") return { kind, because: check.reason };
  if (kind === "database")
    return {
      kind,
      database: check.name,
      through: check.through.map(({ address, when }) => ({ address, when })),
      address: check.address,
    };
  const { because } = check;
  return { kind, because: because === "GOSUMDB=off" ? because : `${because.variable} has "${because.pattern}"` };
}
