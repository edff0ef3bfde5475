// Recognises the kinds of hosts that have rules of their own about users and directories. A kind is told with its evidence, or not at all.
import type { Place, SubjectFacts } from "../facts/facts.ts";
import type { Host, HostKind, Subordinates } from "../facts/host.ts";
import { isNetwork } from "../permission/mount.ts";
import { type IdRange, inGroup } from "../permission/subject.ts";
import type { Environment, ReadText } from "./container.ts";

export interface SurroundingsQuestion {
  /** The environment of this process. */
  readonly environment: Environment;
  /** As detectContainer says. */
  readonly container: string | undefined;
  readonly subject: SubjectFacts;
  readonly places: readonly Place[];
  /** The go program without links, and GOROOT. */
  readonly goPaths: readonly string[];
  readonly text: ReadText;
}

/** UIDs from which OpenShift gives each project its range (annotation openshift.io/sa.scc.uid-range). */
const firstArbitrary = 1_000_000_000;

export function recogniseHosts(question: SurroundingsQuestion): Host[] {
  const { environment, subject } = question;
  // Variables are this process's: they tell nothing about another user's commands.
  const variables = subject.self ? environment : {};
  const found: readonly (readonly [HostKind, string | undefined])[] = [
    ["codespaces", isTrue(variables, "CODESPACES")],
    ["devcontainer", isTrue(variables, "CODESPACES") === undefined ? devcontainer(variables) : undefined],
    ["user-namespace", userNamespace(subject)],
    ...github(variables),
    ["gitlab-runner", gitlab(variables)],
    ["jenkins-agent", jenkins(variables)],
    ["openshift", openshift(question)],
    ["nfs-home", nfsHome(question.places)],
    ["nix-go", pathBelow(question.goPaths, /^\/nix\/store\/[^/]+/)],
    [
      "homebrew-go",
      pathBelow(
        question.goPaths,
        /^(\/opt\/homebrew|\/usr\/local|\/home\/linuxbrew\/\.linuxbrew)\/(Cellar|opt)\/go(@[\d.]+)?(?=\/|$)/,
      ),
    ],
    ["snap-go", pathBelow(question.goPaths, /^\/snap\/go\/[^/]+/)],
    ["snap-confinement", snapConfinement(variables, question.text)],
  ];
  return found.flatMap(([kind, evidence]) => (evidence === undefined ? [] : [{ kind, evidence }]));
}

function isTrue(variables: Environment, name: string): string | undefined {
  return variables[name] === "true" ? `${name}=true` : undefined;
}

/** VS Code sets REMOTE_CONTAINERS for what it runs in a dev container; DEVCONTAINER is what other tools say. */
function devcontainer(variables: Environment): string | undefined {
  return isTrue(variables, "REMOTE_CONTAINERS") ?? isTrue(variables, "DEVCONTAINER");
}

/** What UID the world outside sees: user_namespaces(7), "User and group ID mappings: uid_map and gid_map". */
function userNamespace({ subject, self }: SubjectFacts): string | undefined {
  const { uidMap, uid } = subject;
  if (uidMap === undefined) return undefined;
  const lines = uidMap.map(({ inside, outside, count }) => `${inside} ${outside} ${count}`).join(", ");
  const outside = outsideOf(uid, uidMap);
  const who = outside === undefined ? `uid ${uid} is not mapped` : `uid ${uid} here is uid ${outside} outside`;
  return `${who} (${self ? "/proc/self/uid_map" : "uid_map"}: ${lines || "empty"})`;
}

/** The ID in the namespace above; undefined if there is none. */
export function outsideOf(id: number, map: readonly IdRange[]): number | undefined {
  const range = map.find(({ inside, count }) => id >= inside && id < inside + count);
  return range === undefined ? undefined : range.outside + (id - range.inside);
}

/** docs.github.com, "Variables reference": RUNNER_ENVIRONMENT is github-hosted or self-hosted. */
function github(variables: Environment): [HostKind, string | undefined][] {
  const { RUNNER_ENVIRONMENT: where, GITHUB_ACTIONS: actions, GITEA_ACTIONS: gitea } = variables;
  if (actions !== "true" || gitea === "true") return [];
  if (where === "github-hosted") return [["github-hosted-runner", "RUNNER_ENVIRONMENT=github-hosted"]];
  return where === "self-hosted" ? [["github-self-hosted-runner", "RUNNER_ENVIRONMENT=self-hosted"]] : [];
}

/** docs.gitlab.com, "Predefined CI/CD variables": CI_DISPOSABLE_ENVIRONMENT is set by all executors but shell and ssh. */
function gitlab(variables: Environment): string | undefined {
  if (isTrue(variables, "GITLAB_CI") === undefined) return undefined;
  return variables["CI_DISPOSABLE_ENVIRONMENT"] === "true"
    ? "GITLAB_CI=true, CI_DISPOSABLE_ENVIRONMENT=true: the machine or container ends with the job"
    : "GITLAB_CI=true without CI_DISPOSABLE_ENVIRONMENT: what a job leaves, the next one finds";
}

function jenkins(variables: Environment): string | undefined {
  const url = variables["JENKINS_URL"];
  return url === undefined || url === "" ? undefined : "JENKINS_URL is set";
}

/** A UID of a project's range, in group 0, in a pod. CRI-O may have given it an entry in the pod's /etc/passwd: a name tells nothing. */
function openshift({ container, subject: { subject, self } }: SurroundingsQuestion): string | undefined {
  const isArbitrary = subject.uid >= firstArbitrary && inGroup(subject, 0);
  if (container !== "kubernetes" || !isArbitrary) return undefined;
  return `${self ? "" : "as "}uid ${subject.uid} in group 0, in Kubernetes`;
}

function nfsHome(places: readonly Place[]): string | undefined {
  const home = places.find(({ name }) => name === "HOME");
  const mount = home?.mount;
  if (home === undefined || mount === undefined || !isNetwork(mount) || !mount.type.startsWith("nfs")) return undefined;
  return `${home.path} is on ${mount.mountPoint} (${mount.type} from ${mount.source})`;
}

function pathBelow(paths: readonly string[], place: RegExp): string | undefined {
  return paths.map((path) => place.exec(path)?.[0]).find((found) => found !== undefined);
}

/** snapd labels what a snap runs `snap.NAME.APP`; classic snaps and those in devmode are in mode complain. */
function snapConfinement(variables: Environment, text: ReadText): string | undefined {
  const label = (text("/proc/self/attr/current") ?? "").replace(/[\0\n]+$/, "");
  if (!/^snap\.[^ ]+ \((enforce|kill)\)$/.test(label) || !variables["SNAP"]) return undefined;
  return `AppArmor profile ${label}, SNAP=${variables["SNAP"]}`;
}

/** Reads /etc/subuid: `alice:100000:65536`. Lines of another form are passed over, as shadow's own reader does. */
export function parseSubordinates(text: string): Subordinates[] {
  return text.split("\n").flatMap((line) => {
    const [, user, from, count] = /^([^:#\s]+):(\d{1,10}):(\d{1,10})\s*$/.exec(line) ?? [];
    if (user === undefined || Number(count) === 0 || Number(from) + Number(count) > 4294967295) return [];
    return [{ user, from: Number(from), count: Number(count) }];
  });
}
