// A place for real go commands: modules in a file:// proxy, a project, a module cache, and users who meet there. Needs root.
import { type SpawnSyncReturns, spawnSync } from "node:child_process";
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { zipSync } from "fflate";
import { escapePath } from "../../src/gocache/escape.ts";

export interface TestModule {
  readonly path: string;
  readonly version: string;
  readonly files: Readonly<Record<string, string>>;
}

export interface TestUser {
  readonly uid: number;
  readonly gid: number;
  readonly groups: readonly number[];
  readonly umask: number;
  /** True for root in a container that dropped every capability. */
  readonly withoutCapabilities?: boolean;
}

export const root: TestUser = { uid: 0, gid: 0, groups: [0], umask: 0o022 };

export const goProgram = spawnSync("sh", ["-c", "command -v go || echo /usr/local/go/bin/go"], {
  encoding: "utf8",
}).stdout.trim();

/** A directory that every user may enter. */
export function makeLab(name: string): string {
  const directory = mkdtempSync(join(tmpdir(), `gomodcache-${name}-`));
  chmodSync(directory, 0o755);
  return directory;
}

export function removeLab(directory: string): void {
  spawnSync("chattr", ["-R", "-i", "-a", directory], { stdio: "ignore" });
  rmSync(directory, { recursive: true, force: true });
}

export function writeTree(directory: string, files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, name)), { recursive: true });
    writeFileSync(join(directory, name), text);
  }
}

/** Lays modules out as a GOPROXY serves them. @returns its file:// address */
export function makeProxy(directory: string, modules: readonly TestModule[]): string {
  const lists = new Map<string, string[]>();
  for (const { path, version, files } of modules) {
    const at = join(directory, escapePath(path), "@v");
    const zip: Record<string, Uint8Array> = {};
    for (const [name, text] of Object.entries(files)) zip[`${path}@${version}/${name}`] = Buffer.from(text);
    writeTree(at, {
      [`${version}.info`]: JSON.stringify({ Version: version, Time: "2024-01-02T03:04:05Z" }),
      [`${version}.mod`]: files["go.mod"] ?? `module ${path}\n`,
    });
    writeFileSync(join(at, `${version}.zip`), zipSync(zip, { level: 0, mtime: "2024-01-02" }));
    // A list names releases only, never pseudo-versions.
    if (!/-\d{14}-/.test(version)) lists.set(at, [...(lists.get(at) ?? []), version]);
    else lists.set(at, lists.get(at) ?? []);
  }
  for (const [at, versions] of lists)
    writeFileSync(join(at, "list"), versions.map((version) => `${version}\n`).join(""));
  return `file://${directory}`;
}

/** Runs a program as a user, with nothing in the environment but what is given. */
export function runAs(
  user: TestUser,
  argv: readonly string[],
  options: { cwd: string; env: Readonly<Record<string, string>>; alone?: boolean },
): SpawnSyncReturns<string> {
  const { uid, gid, groups, umask } = user;
  const identity = [
    `--reuid=${uid}`,
    `--regid=${gid}`,
    groups.length > 0 ? `--groups=${groups.join(",")}` : "--clear-groups",
  ];
  if (user.withoutCapabilities === true) identity.push("--bounding-set=-all", "--inh-caps=-all");
  const script = 'umask "$0"; exec "$@"';
  // In a PID namespace of its own, so that the go commands of other tests are not seen.
  const alone = options.alone === true ? ["unshare", "--pid", "--fork", "--mount-proc"] : [];
  const argvOfUser = [...alone, "setpriv", ...identity, "sh", "-c", script, umask.toString(8), ...argv];
  const [program, ...rest] = argvOfUser as [string, ...string[]];
  return spawnSync(program, rest, { cwd: options.cwd, env: { ...options.env }, encoding: "utf8", timeout: 110_000 });
}

/** The environment of a go command that asks nobody but the proxy of the lab. */
export function goEnvironment(options: {
  home: string;
  cache: string;
  buildCache: string;
  proxy: string;
}): Record<string, string> {
  return {
    PATH: `${dirname(goProgram)}:/usr/bin:/bin`,
    HOME: options.home,
    GOMODCACHE: options.cache,
    GOCACHE: options.buildCache,
    GOPATH: join(options.home, "go"),
    GOPROXY: options.proxy,
    GOSUMDB: "off",
    GOTOOLCHAIN: "local",
    GOFLAGS: "",
    GOENV: "off",
    GOTELEMETRY: "off",
    GOMAXPROCS: "2",
  };
}

/** Gives a whole tree to a user; small trees only. */
export function give(directory: string, uid: number, gid: number): void {
  chownSync(directory, uid, gid);
  spawnSync("chown", ["-R", "-h", `${uid}:${gid}`, directory]);
}
