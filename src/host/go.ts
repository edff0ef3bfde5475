// What go says about itself: `go env`, run as the subject or not at all. Root never runs a go that somebody else could have
// replaced, nor in a directory that somebody else can write: a go.mod there may name a toolchain of that user's cache.
import { posix } from "node:path";
import type { GoFacts, GoVersion, SubjectFacts } from "../facts/facts.ts";
import { type KernelSettings, Unseen } from "../permission/world.ts";
import { show } from "./bytes.ts";
import type { Environment } from "./container.ts";
import { findGo } from "./find-go.ts";
import { defaultGoEnv, type GoFiles, goEnvFile, goSetting, goVariables, parseGoEnvFile } from "./go-defaults.ts";
import { complaint, type RunResult, run } from "./run.ts";
import { systemPath } from "./system-path.ts";
import { replaceable } from "./trusted.ts";
import type { UserDatabase } from "./users.ts";
import type { MachineWorld } from "./world.ts";

export interface GoQuestion {
  readonly subject: SubjectFacts;
  /** The UID of this process. */
  readonly selfUid: number;
  /** The environment that the subject's go commands have. */
  readonly variables: Environment;
  /** The go program to ask, when the user named one. */
  readonly program?: string;
  readonly platform: string;
  readonly world: MachineWorld;
  readonly users: UserDatabase;
  readonly settings: KernelSettings;
  /** Milliseconds until go is given up. 5,000 if absent. */
  readonly timeout?: number;
}

/** Where go is run: a directory that nobody but root can write, so that no go.mod or go.work of others is in force. */
const safeDirectory = "/";
/** The most that is read of a go/env file and the like, in bytes. */
const longestFile = 65_536;

/** Go's settings for the subject. It never fails: where go cannot be asked, Go's defaults are told, and `problem` says why. */
export function readGo(question: GoQuestion): GoFacts {
  const { variables, subject, world, platform } = question;
  const found = findGo(variables, question.program, world, subject.subject, question.settings);
  const { program } = found;
  const goRoot = program === undefined ? "" : rootOf(program, world);
  const user = readSettings(goEnvFile(variables, platform), world);
  const files: GoFiles = {
    user: user.settings,
    installation: goRoot === "" ? new Map() : readSettings(posix.join(goRoot, "go.env"), world).settings,
  };
  const withDefaults = (problem: string | undefined, version = versionFile(goRoot, world)): GoFacts => {
    const reasons = [problem, user.problem].filter((reason) => reason !== undefined);
    return {
      ...(program === undefined ? {} : { program }),
      ...(version === undefined ? {} : { version }),
      env: defaultGoEnv(variables, files, goRoot, platform),
      source: "defaults",
      ...(reasons.length === 0 ? {} : { problem: reasons.join("; ") }),
    };
  };
  if (program === undefined) return withDefaults(noProgram(question, found.refused));
  const forbidden = whyNot(program, question);
  if (forbidden !== undefined) return withDefaults(`${show(program)} was not run: ${forbidden}`);
  const answer = ask(program, question);
  if (typeof answer === "string") return withDefaults(`${show(program)} env failed: ${answer}`);
  const { GOVERSION: text = "", ...env } = answer;
  // Go was told "local" by us; here is what the subject has.
  env["GOTOOLCHAIN"] = goSetting("GOTOOLCHAIN", variables, files);
  const version = parseGoVersion(text) ?? versionFile(env["GOROOT"] ?? goRoot, world);
  return { program, ...(version === undefined ? {} : { version }), env, source: "go env" };
}

function noProgram({ program }: GoQuestion, refused: string | undefined): string | undefined {
  if (refused !== undefined) return `go may not be executed by the user in question: ${refused}`;
  return program === undefined ? undefined : `there is no program ${show(program)}`;
}

/** Why go must not be run, if it must not. */
function whyNot(program: string, { subject, selfUid, world, users }: GoQuestion): string | undefined {
  const { uid } = subject.subject;
  if (uid !== selfUid && selfUid !== 0) return `only root can ask it as user ${uid}`;
  // A user who is not root runs whatever go is on the own PATH, as in any shell.
  if (selfUid !== 0) return undefined;
  const trusted = new Set([0, uid]);
  for (const path of [program, safeDirectory]) {
    const reason = replaceable(path, trusted, world, users);
    if (reason !== undefined)
      return `${reason}, so that running it as ${uid === 0 ? "root" : `user ${uid}`} is not safe`;
  }
  return undefined;
}

/** @returns the variables, or what went wrong */
function ask(program: string, question: GoQuestion): Record<string, string> | string {
  const result = runAs(program, ["env", "-json", ...goVariables], quietEnvironment(question), question);
  if (result.error !== undefined || result.status !== 0) return complaint(result);
  try {
    const parsed: unknown = JSON.parse(result.stdout.toString());
    if (isStrings(parsed)) return parsed;
  } catch {
    // Told below.
  }
  return "it did not print JSON";
}

/**
 * Runs one go command as the subject, found, judged and run as readGo does it.
 * @param args without "go"
 * @returns what it printed, or why it was not run or failed
 */
export function askGo(question: GoQuestion, args: readonly string[]): { printed: string } | { problem: string } {
  const { program, refused } = findGo(
    question.variables,
    question.program,
    question.world,
    question.subject.subject,
    question.settings,
  );
  if (program === undefined) return { problem: noProgram(question, refused) ?? "go was not found" };
  const forbidden = whyNot(program, question);
  if (forbidden !== undefined) return { problem: `${show(program)} was not run: ${forbidden}` };
  const result = runAs(program, [...args], quietEnvironment(question), question);
  if (result.error !== undefined || result.status !== 0)
    return { problem: `${show(program)} ${args.slice(0, 2).join(" ")} failed: ${complaint(result)}` };
  return { printed: result.stdout.toString() };
}

/** The subject's environment, in which go neither becomes another go nor counts its calls. */
function quietEnvironment({ variables, platform }: GoQuestion): Environment {
  const env: Record<string, string | undefined> = {
    ...variables,
    // Never another go than this one, whatever a go.mod says.
    GOTOOLCHAIN: "local",
    GOWORK: "off",
    GOENV: goEnvFile(variables, platform) || "off",
  };
  // Go counts its calls in files of the configuration directory; below a device it can make none, and nothing is written.
  if (platform !== "darwin") env["XDG_CONFIG_HOME"] = "/dev/null";
  return env;
}

function runAs(program: string, args: string[], env: Environment, question: GoQuestion): RunResult {
  const { uid, gid, groups } = question.subject.subject;
  const options = { env, cwd: safeDirectory, timeout: question.timeout ?? 5_000, maxOutput: 1024 * 1024 };
  if (uid === question.selfUid) return run(program, args, options);
  const identity = [`--reuid=${uid}`, `--regid=${gid}`];
  identity.push(groups.length === 0 ? "--clear-groups" : `--groups=${groups.join(",")}`);
  for (const directory of systemPath.split(":")) {
    const setpriv = `${directory}/setpriv`;
    const entry = question.world.look(setpriv);
    if (entry === "absent" || entry instanceof Unseen) continue;
    return run(setpriv, [...identity, "--no-new-privs", "--", program, ...args], options);
  }
  return run(program, args, { ...options, uid, gid });
}

function isStrings(value: unknown): value is Record<string, string> {
  return (
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    Object.values(value).every((item) => typeof item === "string")
  );
}

/** The settings of a go/env file, which may be a link to somewhere else, as dotfile managers make them. */
function readSettings(path: string, world: MachineWorld): { settings: Map<string, string>; problem?: string } {
  const nothing = new Map<string, string>();
  if (!posix.isAbsolute(path)) return { settings: nothing };
  const real = world.realPath(posix.normalize(path));
  if (real === "absent" || real === "dangling") return { settings: nothing };
  const text = real instanceof Unseen ? real : world.text(real, longestFile);
  if (text === "absent") return { settings: nothing };
  if (text instanceof Unseen) return { settings: nothing, problem: `${show(path)} could not be read: ${text.reason}` };
  return { settings: parseGoEnvFile(text) };
}

/** GOROOT from the place of the program, as cmd/go finds it: the directory above its bin. Empty if that is none. */
function rootOf(program: string, world: MachineWorld): string {
  const real = world.realPath(program);
  if (real instanceof Unseen || !posix.isAbsolute(real)) return "";
  const root = posix.join(real, "../..");
  const version = world.look(posix.join(root, "VERSION"));
  return version === "absent" || version instanceof Unseen ? "" : root;
}

function versionFile(goRoot: string, world: MachineWorld): GoVersion | undefined {
  if (!posix.isAbsolute(goRoot)) return undefined;
  const text = world.text(posix.join(goRoot, "VERSION"), 1024);
  return typeof text === "string" ? parseGoVersion(text.split("\n")[0] as string) : undefined;
}

/** Reads GOVERSION: `go1.26.8`, `go1.27rc1`, `devel go1.28-abcdef`. */
export function parseGoVersion(text: string): GoVersion | undefined {
  const match = /\bgo(\d{1,4})\.(\d{1,4})/.exec(text);
  if (match === null) return undefined;
  return { major: Number(match[1]), minor: Number(match[2]), text: text.trim() };
}
