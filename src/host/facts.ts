// Reads everything that the rules look at from the machine. Nothing is ever written.
import { posix } from "node:path";
import { UserError } from "../error.ts";
import type { CacheFacts, Facts, Place, SubjectFacts } from "../facts/facts.ts";
import { parseWho, type Subject, type Who } from "../permission/subject.ts";
import { readCache } from "./cache.ts";
import { detectCi, detectContainer } from "./container.ts";
import { pickEnvironment, readSudo, variablesOf } from "./environment.ts";
import { readGo } from "./go.ts";
import { readMounts } from "./mounts.ts";
import { Stage } from "./outcome.ts";
import { readPlaces } from "./places.ts";
import { readRunningGo } from "./process.ts";
import { readSystemFile } from "./read-text.ts";
import { readSelf, resolveSubject, type Self } from "./subject.ts";
import { readKernelSettings, readSecurityModule } from "./sysctl.ts";
import { UserDatabase } from "./users.ts";
import { MachineWorld } from "./world.ts";
import { readWsl } from "./wsl.ts";

export interface FactsOptions {
  /** The value of --cache-dir; relative to `directory`. */
  readonly cacheDirectory?: string;
  /** The value of --as. */
  readonly who?: string;
  /** The go program to ask, a name or a path relative to `directory`, instead of the one on PATH. */
  readonly goProgram?: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The working directory. */
  readonly directory: string;
  /** Where the project in question is, if not there. */
  readonly projectDirectory?: string;
}

/**
 * Reads the facts of this machine for one subject.
 * @param world to look through, so that what is read here is not read again; a new one if absent
 * @throws {UserError} if WHO is malformed or names nobody
 */
export function readFacts(options: FactsOptions, world = openWorld()): Facts {
  const { environment } = options;
  const self = readSelf();
  const users = new UserDatabase();
  const subject = resolveSubject(readWho(options.who), self, users);
  const container = detectContainer(readSystemFile, environment);
  const variables = variablesOf(subject, environment, container, readSystemFile);
  const kernel = readKernelSettings(readSystemFile);
  const mounts = readMounts();
  const go = readGo({
    subject,
    selfUid: self.subject.uid,
    variables,
    ...(options.goProgram === undefined ? {} : { program: absoluteProgram(options.goProgram, options.directory) }),
    platform: process.platform,
    world,
    users,
    settings: kernel,
  });
  const stage = new Stage(world, subject.subject, kernel);
  const chosen = options.cacheDirectory && posix.resolve(options.directory, options.cacheDirectory);
  const { cache, places } = world.settle(() => ({
    cache: readCache({ chosen: chosen || undefined, variables, go, world, stage }),
    places: readPlaces(go, variables, world, stage),
  }));
  const sudo = readSudo(environment, self.subject.uid);
  const securityModule = readSecurityModule(readSystemFile);
  const ci = detectCi(environment);
  const wsl = readWsl(container, environment, readSystemFile, world, options.projectDirectory ?? options.directory);
  return {
    platform: process.platform,
    subject,
    self: self.subject,
    ...(sudo === undefined ? {} : { sudo }),
    environment: pickEnvironment(environment),
    go,
    cache,
    places,
    mounts,
    kernel,
    ...(securityModule === undefined ? {} : { securityModule }),
    ...(container === undefined ? {} : { container }),
    ...(wsl === undefined ? {} : { wsl }),
    ...(ci === undefined ? {} : { ci }),
    runningGo: readRunningGo(self.subject.uid === 0, world.mountAt("/proc")),
    acls: world.aclState(),
    ...namesIn(users, self, subject, cache, places),
  };
}

/** The machine as it is now. */
export function openWorld(): MachineWorld {
  const mounts = readMounts();
  return new MachineWorld("value" in mounts ? mounts.value : []);
}

/** Who a WHO names. @throws {UserError} if it is malformed */
export function readWho(who: string | undefined): Who | undefined {
  if (who === undefined) return undefined;
  try {
    return parseWho(who);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new UserError(error.message, "WHO is NAME, UID, UID:GID or UID:GID,GID…; +umask=002 and +cap=… may follow");
  }
}

/** A plain name is left to be looked up on PATH. */
function absoluteProgram(program: string, directory: string): string {
  return program.includes("/") ? posix.resolve(directory, program) : program;
}

/** Names of the users and groups that the facts speak of. */
function namesIn(
  users: UserDatabase,
  self: Self,
  subject: SubjectFacts,
  cache: CacheFacts,
  places: readonly Place[],
): Pick<Facts, "userNames" | "groupNames"> {
  const entries = [cache.entry, ...places.map((place) => place.entry)].filter(
    (entry) => entry !== undefined && entry !== "absent",
  );
  const subjects: Subject[] = [self.subject, subject.subject];
  return {
    userNames: users.userNames([...subjects, ...entries].map(({ uid }) => uid)),
    groupNames: users.groupNames([
      ...subjects.flatMap(({ gid, groups }) => [gid, ...groups]),
      ...entries.map(({ gid }) => gid),
    ]),
  };
}
