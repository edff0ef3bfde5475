// Reads everything that the rules look at from the machine. Nothing is ever written.
import { posix } from "node:path";
import { UserError } from "../error.ts";
import type { CacheFacts, Facts, GoFacts, Place, SubjectFacts } from "../facts/facts.ts";
import { parseWho, type Subject, type Who } from "../permission/subject.ts";
import { Unseen } from "../permission/world.ts";
import { readCache } from "./cache.ts";
import { detectCi, detectContainer } from "./container.ts";
import { pickEnvironment, readSudo, variablesOf } from "./environment.ts";
import { readGo } from "./go.ts";
import { readPrivacy } from "./macos/privacy.ts";
import { readRunningGoOnDarwin } from "./macos/process.ts";
import { isQuarantined } from "./macos/quarantine.ts";
import { type Platform, thisPlatform } from "./macos/tools.ts";
import { readMounts } from "./mounts.ts";
import { Stage } from "./outcome.ts";
import { readPlaces } from "./places.ts";
import { readRunningGo } from "./process.ts";
import { readSystemFile } from "./read-text.ts";
import { readSelf, resolveSubject, type Self } from "./subject.ts";
import { parseSubordinates, recogniseHosts } from "./surroundings.ts";
import { readKernelSettings, readSecurityModule } from "./sysctl.ts";
import { UserDatabase, userSources } from "./users.ts";
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
  const { platform } = world;
  const self = readSelf(undefined, platform);
  const users = new UserDatabase(userSources(platform));
  const subject = resolveSubject(readWho(options.who), self, users);
  const container = detectContainer(readSystemFile, environment);
  const variables = variablesOf(subject, environment, container, readSystemFile);
  // These settings are Linux's.
  const kernel = readKernelSettings(platform.name === "darwin" ? () => undefined : readSystemFile);
  const mounts = readMounts(platform);
  const go = readGo({
    subject,
    selfUid: self.subject.uid,
    variables,
    ...(options.goProgram === undefined ? {} : { program: absoluteProgram(options.goProgram, options.directory) }),
    platform: platform.name,
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
  const securityModule =
    platform.name === "darwin" ? readPrivacy(cache.realPath, subject.self, world) : readSecurityModule(readSystemFile);
  const ci = detectCi(environment);
  const goPaths = [go.program, go.env["GOROOT"]].flatMap((path) => (path ? [withoutLinks(path, world), path] : []));
  const hosts = recogniseHosts({ environment, container, subject, places, goPaths, text: readSystemFile });
  const subordinates = self.subject.uidMap === undefined ? parseSubordinates(readSystemFile("/etc/subuid") ?? "") : [];
  const wsl = readWsl(container, environment, readSystemFile, world, options.projectDirectory ?? options.directory);
  return {
    platform: platform.name,
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
    hosts,
    subordinates,
    runningGo:
      platform.name === "darwin"
        ? readRunningGoOnDarwin(platform.tools)
        : readRunningGo(self.subject.uid === 0, world.mountAt("/proc")),
    acls: world.aclState(),
    ...quarantinedIn(go, world),
    ...namesIn(users, self, subject, cache, places),
  };
}

/** Where the links of a path lead; the path itself if that cannot be seen. */
function withoutLinks(path: string, world: MachineWorld): string {
  const real = world.realPath(path);
  return real instanceof Unseen || !posix.isAbsolute(real) ? path : real;
}

/** The machine as it is now. */
export function openWorld(platform: Platform = thisPlatform): MachineWorld {
  const mounts = readMounts(platform);
  return new MachineWorld("value" in mounts ? mounts.value : [], platform);
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

/** The programs that a go command starts, where Gatekeeper would look at them. Links are resolved: the mark is on the file. */
function quarantinedIn(go: GoFacts, world: MachineWorld): Pick<Facts, "quarantined"> {
  const { platform } = world;
  if (platform.name !== "darwin" || go.program === undefined) return {};
  const real = world.realPath(go.program);
  if (real instanceof Unseen || !posix.isAbsolute(real)) return {};
  return isQuarantined(real, platform.tools) === true ? { quarantined: [real] } : {};
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
