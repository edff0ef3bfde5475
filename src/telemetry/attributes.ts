// The names and values of what is told about a command, a module access and a cause, by OpenTelemetry's semantic conventions
// (process.*, error.type, http.*, server.*: https://opentelemetry.io/docs/specs/semconv/) and under go.* where it has none. PURE.
import type { CommandEnded, ModuleAccessed } from "../audit/event.ts";
import type { Cause } from "../causes/cause.ts";
import { redacted, redactedArguments } from "../report/redact.ts";
import { commandName, type ObservedCommand } from "./commands.ts";
import type { Limits } from "./settings.ts";

export type Value = string | number | boolean | string[];
export type Attributes = Record<string, Value>;

export function commandAttributes(command: ObservedCommand): Attributes {
  const { started, ended } = command;
  return present({
    "process.executable.name": started?.argv[0]?.split("/").at(-1),
    "process.command_args": started && redactedArguments(started.argv),
    "process.working_directory": started?.cwd,
    "process.pid": started?.pid,
    "process.user.id": started && String(started.user.uid),
    "process.exit.code": ended?.exitCode,
    "process.exit.signal": ended?.signal,
    "go.command": started && commandName(started.argv),
    "go.version": started?.goVersion,
    "go.modcache.path": started?.modcache,
    "go.command.attempt": started?.attempt ?? ended?.attempt,
    "error.type": ended && failureOf(ended),
    ...(ended?.causes[0] === undefined ? {} : causeAttributes(ended.causes[0])),
  });
}

/** What the failure is called: the root cause's category, else the signal or the exit status; undefined for a success. */
export function failureOf(ended: CommandEnded): string | undefined {
  if (ended.exitCode === 0) return undefined;
  return ended.causes[0]?.category ?? ended.signal ?? String(ended.exitCode ?? "_OTHER");
}

export function causeAttributes(cause: Cause): Attributes {
  return present({
    "go.error.category": cause.coarse ?? cause.category,
    "go.error.cause": cause.category,
    "go.error.subcategory": cause.subcategory,
    "go.error.disposition": cause.disposition,
    "go.error.confidence": cause.confidence,
    "go.error.where": cause.where,
    "go.error.paths": cause.paths.length === 0 ? undefined : cause.paths.map(redacted),
    "go.module.path": cause.module?.path,
    "go.module.version": cause.module?.version,
  });
}

export function accessAttributes(access: ModuleAccessed, command: ObservedCommand): Attributes {
  const server = URL.canParse(access.source) ? new URL(access.source) : undefined;
  return present({
    "go.module.path": access.module,
    "go.module.version": access.version,
    "go.module.what": access.what,
    "go.module.hit": access.hit,
    "go.module.source": sourceOf(access),
    "go.module.size": access.bytes,
    "go.modcache.path": command.started?.modcache,
    "http.response.status_code": access.status,
    "server.address": server?.hostname,
    "server.port": server && Number(server.port || (server.protocol === "http:" ? 80 : 443)),
    "go.error.category": access.error?.coarse ?? access.error?.category,
    "error.type": access.error?.category,
  });
}

/** `cache`, `vcs` or a proxy's origin. */
export function sourceOf(access: ModuleAccessed): string {
  return redacted(access.source);
}

/**
 * Cuts values and drops attributes that are too many.
 * @returns the attributes, and how many were dropped
 */
export function limited(attributes: Attributes, limits: Limits): { attributes: Attributes; dropped: number } {
  const { valueLength } = limits;
  const cut = (value: string): string => (valueLength === undefined ? value : value.slice(0, valueLength));
  const all = Object.entries(attributes);
  const kept = all.slice(0, limits.attributes).map(([key, value]): [string, Value] => {
    if (typeof value === "string") return [key, cut(value)];
    return [key, Array.isArray(value) ? value.map(cut) : value];
  });
  return { attributes: Object.fromEntries(kept), dropped: all.length - kept.length };
}

function present(attributes: Readonly<Record<string, Value | undefined>>): Attributes {
  return Object.fromEntries(
    Object.entries(attributes).filter((entry): entry is [string, Value] => entry[1] !== undefined),
  );
}
