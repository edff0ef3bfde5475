// docker run with the host's own Go cache and without --user: the container is root, and root's files stay in the user's cache.
import { knownImage } from "../dockerfile/images.ts";
import { jobOf, meetsGoAgain } from "../github/job.ts";
import type { Workflow } from "../github/model.ts";
import { type CacheVariable, cacheNamed } from "../golang/cache-word.ts";
import { goCommand } from "../golang/command.ts";
import type { Scripted } from "../model.ts";
import type { LintDraft, LintRule } from "../rule.ts";
import { programOf, type ShellCommand } from "../shell/command.ts";
import { type BindMount, type DockerRun, dockerRun } from "../shell/docker-run.ts";

export const scriptHostCacheAsRoot: LintRule<"shell" | "github-workflow"> = {
  id: "script-host-cache-as-root",
  severity: "warning",
  title: "docker run writes into the user's own cache as root",
  kinds: ["shell", "github-workflow"],
  check: (model) => {
    const runs = model.commands.flatMap((command) => {
      const run = dockerRun(command);
      return run === undefined || ("jobs" in model && !hurts(command, model)) ? [] : [run];
    });
    if (runs.length === 0 || model.commands.some(changesOwners)) return [];
    const moved = movedIn(model);
    return runs.flatMap((run) => draft(run, moved));
  },
};

/** Of a job in a container, docker's host is another machine's file system; docker on macOS and Windows gives files to the user. */
function hurts(command: ShellCommand, workflow: Workflow): boolean {
  const job = jobOf(command, workflow);
  const other =
    job?.container !== undefined || job?.labels?.some((label) => /^(macos|windows)\b/i.test(label)) === true;
  return !other && meetsGoAgain(command, workflow);
}

/**
 * True if something in the file gives the files back, or if its docker is perhaps not root's: rootless, another machine's, or podman, in
 * which root is the user.
 */
function changesOwners(command: ShellCommand): boolean {
  const { words, assignments } = command;
  if (programOf(command) === "podman" && words[1]?.value === "$@") return true;
  return (
    assignments.some(({ name }) => /^(DOCKER_HOST|DOCKER_CONTEXT|docker)$/.test(name)) ||
    words.some(({ value }) => /\bchown\b|rootless|DOCKER_HOST=|^docker=/.test(value))
  );
}

function draft(run: DockerRun, moved: ReadonlySet<string>): LintDraft[] {
  if (run.user !== undefined || handsOver(run) || onlyLooks(run)) return [];
  const [written] = run.mounts
    .filter(({ readOnly }) => !readOnly)
    .flatMap((mount) => writtenAt(mount, run, moved) ?? []);
  if (written === undefined) return [];
  const { source, at } = written.mount;
  return [
    {
      message: `docker run mounts ${source} of the host without --user: what go makes there is root's, and your next go command is denied`,
      at: { start: at.start, end: at.end },
      subject: "whoever runs the script",
      confidence: "likely",
      why: "A bind mount has no users of its own: UID 0 in the container is UID 0 on the host, unless the engine is rootless",
      fixes: [
        { title: `Run it as yourself: --user "$(id -u):$(id -g)" ${asYourself(written)}`, disposition: "unsafe" },
        {
          title: `Or take a volume of docker's: -v ${written.variable.toLowerCase()}:${written.place}`,
          disposition: "unsafe",
        },
        {
          title: "What is there already is repaired on the host",
          disposition: "safe",
          command: "sudo gomodcache init --deep",
        },
      ],
    },
  ];
}

/** Somebody without an account can write neither to a home of his own nor to what is beside the mount, such as GOPATH/pkg/sumdb. */
function asYourself({ variable, place }: Written): string {
  const closed = place.startsWith("/root/");
  const at = closed ? "/cache" : place;
  const env = { HOME: "/tmp", GOPATH: "/tmp/go", GOCACHE: "/tmp/go-build", [variable]: at };
  const options = Object.entries(env).map(([name, value]) => `-e ${name}=${value}`);
  return `${options.join(" ")}${closed ? `, and mount it as ${at}, since /root is closed to others` : ""}`;
}

/** True if the container is told who to be, or becomes somebody by itself. */
function handsOver({ words, env }: DockerRun): boolean {
  const told = [...env].some(
    ([name, value = ""]) => /(^|_)(P?UID|USER_?ID|USER|OWNER)$/.test(name) || /\bid -u\b|\bUID\b/.test(value),
  );
  return told || words.some(({ value }) => /\b(gosu|su-exec|setpriv|runuser|su|sudo|id -u|UID)\b/.test(value));
}

/** True for what makes nothing in a cache: `go version`, `ls`; who is told to sleep waits for docker exec, which may have a user. */
function onlyLooks({ words }: DockerRun): boolean {
  const [first] = words;
  if (first === undefined) return false;
  const command = { words, assignments: [], writes: [], start: first.start, end: first.end };
  const go = goCommand(command);
  if (go !== undefined) return !(go.fetches || go.compiles || go.loads);
  return /^(cat|du|echo|env|find|id|ls|sleep|stat|tail|true)$/.test(programOf(command));
}

/** Those of the variables that the caches are told by which the file sets to something else than what the user has. */
function movedIn({ commands, variables = [] }: Scripted): Set<string> {
  const all = [...variables, ...commands.flatMap(({ assignments }) => assignments)];
  const others = all.filter(({ name, value }) => decisive.has(name) && usersCache(value) === undefined);
  return new Set(others.map(({ name }) => name));
}

const decisive = new Set(["HOME", "GOPATH", "GOMODCACHE", "GOCACHE"]);

interface Written {
  readonly mount: BindMount;
  readonly variable: CacheVariable;
  /** What the variable is in the container. */
  readonly place: string;
}

/** Set if the mount is a cache of the user's, and is where go in the container has its own. */
function writtenAt(mount: BindMount, { image, env }: DockerRun, moved: ReadonlySet<string>): Written | undefined {
  const { source, target } = mount;
  const variable = usersCache(source);
  if (variable === undefined || [...moved].some((name) => dependsOn(source, name))) return undefined;
  const rootsHome = target.startsWith("/root/");
  const gopath = gopathOf(image) ?? (rootsHome ? "/root/go" : undefined);
  // Where nothing tells that the container is root, nothing is said.
  if (gopath === undefined) return undefined;
  // Without a value it is the host's.
  const given = (name: string): string | undefined => (env.has(name) ? (env.get(name) ?? source) : undefined);
  const root = (given("GOPATH") ?? gopath).split(":")[0] as string;
  const builds = given("GOCACHE") ?? `${given("HOME") ?? "/root"}/.cache/go-build`;
  const place = variable === "GOCACHE" ? builds : (given("GOMODCACHE") ?? `${root}/pkg/mod`);
  if (!covers(target, place) && !covers(place, target)) return undefined;
  return { mount, variable, place: variable === "GOPATH" ? root : place };
}

/** go env tells of all of them. */
function dependsOn(source: string, name: string): boolean {
  return source.includes(name) || source.includes("go env") || (name === "HOME" && source.startsWith("~"));
}

const covers = (above: string, path: string): boolean => path === above || path.startsWith(`${above}/`);

/**
 * GOPATH of images that are known to be root's, of any version; golangci-lint's is made from golang's (build/buildx.Dockerfile). Of
 * others nobody knows the user, unless it is somebody who may write below /root.
 */
function gopathOf(image: string): string | undefined {
  const plain = image.replace(/\$\{(?:(?!\$\{)[^}])*\}+|\$\((?:(?!\$\()[^)])*\)|\$\w+/g, "x");
  const known =
    knownImage(plain)?.family === "golang" || /^(docker\.io\/)?golangci\/golangci-lint(?![\w./-])/.test(plain);
  return known ? "/go" : undefined;
}

const usualPlace = /^(?:~|\$HOME|\$\{HOME\}|\/home\/[^/$]+)\/(?:go(?:\/pkg(?:\/mod(?:\/.*)?)?)?|\.cache\/go-build)\/?$/;

/** Where go has its caches if nobody says otherwise, or where go or its variables say; not what a project keeps for its containers. */
function usersCache(source: string): CacheVariable | undefined {
  const preset = /^\$\{(?:GO\w+):?-([^}]*)\}/.exec(source)?.[1];
  if (preset !== undefined && !/^(?:~|\$HOME)\//.test(preset) && !preset.startsWith("$(go env")) return undefined;
  if (/^(?:~|\$HOME|\$\{HOME\})\/go\/pkg\/?$/.test(source)) return "GOMODCACHE";
  return usualPlace.test(source) || /^(?:\$\{?GO|\$\( *go env |`go env )/.test(source) ? cacheNamed(source) : undefined;
}
