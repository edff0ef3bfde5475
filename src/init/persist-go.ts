// The setting in go's own words: `go env -w GOMODCACHE=DIR`, run as the owner, and read back.
import type { Context } from "../context.ts";
import { exitStatus, UserError } from "../error.ts";
import { show, toBytes } from "../host/bytes.ts";
import { detectContainer, type Environment } from "../host/container.ts";
import { variablesOf } from "../host/environment.ts";
import { openWorld } from "../host/facts.ts";
import { askGo, type GoQuestion } from "../host/go.ts";
import { goEnvFile } from "../host/go-defaults.ts";
import { readSystemFile } from "../host/read-text.ts";
import { readKernelSettings } from "../host/sysctl.ts";
import { UserDatabase } from "../host/users.ts";
import { printable } from "../report/safe.ts";
import { homeOf, nameOf, type Persisted, type PersistRequest, refuseReplaceable } from "./owner.ts";
import { refuseControls } from "./shell-block.ts";

/**
 * Sets GOMODCACHE in the owner's go/env file by go itself. go runs as the owner, or not at all; as root only where nobody else
 * can replace the program or the file.
 * @throws {UserError} if go is not there, fails, or says something else afterwards
 */
export function persistInGo(request: PersistRequest, context: Pick<Context, "env">): Persisted {
  const { directory, owner } = request;
  refuseControls(directory);
  if (typeof toBytes(directory) !== "string")
    throw new UserError(
      `${show(directory)} is not UTF-8: go cannot be told it`,
      "choose a directory with an ordinary name",
    );
  const inForce = variablesFor(request, context);
  const file = goEnvFile(inForce, process.platform);
  if (file === "" || file === "off") {
    throw new UserError(
      file === "off" ? "GOENV=off: go reads no settings file" : `go has no settings file for ${nameOf(owner)}`,
      "unset GOENV and XDG_CONFIG_HOME, or choose --persist shell, github or none",
    );
  }
  if (owner.self && owner.subject.uid === 0) refuseReplaceable(file, request);
  const { GOMODCACHE: overriding, ...variables } = inForce;
  const question = questionOf(request, variables);
  const override = overridden(overriding, directory);
  if (settingOf(question, request) === directory) {
    return {
      done: "already",
      where: file,
      message: printable(`go of ${nameOf(owner)} uses ${show(directory)} already${override}`),
    };
  }
  const written = askGo(question, ["env", "-w", `GOMODCACHE=${directory}`]);
  if ("problem" in written) throw notSet(request, written.problem);
  const now = settingOf(question, request);
  if (now !== directory) throw notSet(request, `go env GOMODCACHE says ${show(now)} afterwards`);
  const message = `go of ${nameOf(owner)} uses ${show(directory)} from now on (go env -w, kept in ${show(file)})${override}`;
  return { done: "written", where: file, message: printable(message) };
}

/** The environment of the owner's go, with the home directory that counts. */
function variablesFor(request: PersistRequest, { env }: Pick<Context, "env">): Environment {
  const { owner } = request;
  const variables = variablesOf(owner, env, detectContainer(readSystemFile, env), readSystemFile);
  return { ...variables, HOME: homeOf(request, { env }) };
}

function questionOf({ owner, users = new UserDatabase() }: PersistRequest, variables: Environment): GoQuestion {
  return {
    subject: owner,
    selfUid: process.geteuid?.() ?? 0,
    variables,
    platform: process.platform,
    world: openWorld(),
    users,
    settings: readKernelSettings(readSystemFile),
    timeout: 20_000,
  };
}

/** GOMODCACHE without the environment variable. @throws {UserError} if go cannot be asked */
function settingOf(question: GoQuestion, request: PersistRequest): string {
  const answer = askGo(question, ["env", "GOMODCACHE"]);
  if ("problem" in answer) throw notSet(request, answer.problem);
  return answer.printed.replace(/\n$/, "");
}

/** The environment wins over go's settings file. */
function overridden(variable: string | undefined, directory: string): string {
  if (!variable || variable === directory) return "";
  return `; but the environment variable GOMODCACHE=${show(variable)} overrides it: unset it where it is set`;
}

function notSet(request: PersistRequest, reason: string): UserError {
  const privilege = /permission denied|only root can|operation not permitted/.test(reason);
  return new UserError(
    `go's setting of ${nameOf(request.owner)} was not kept: ${reason}`,
    "mend that, or choose --persist shell, or set GOMODCACHE in the environment of the go commands",
    privilege ? exitStatus.privilege : exitStatus.usage,
  );
}
