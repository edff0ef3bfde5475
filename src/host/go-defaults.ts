// What `go env` would say, from Go's documented defaults, the user's `go env -w` file and GOROOT/go.env: for when go is absent
// or may not be run. Sources: cmd/go/internal/cfg/cfg.go, cmd/go/internal/cache/default.go, go/build, os.UserConfigDir.
import { posix } from "node:path";
import type { Environment } from "./container.ts";

/** The variables that are asked of go. With names given, `go env` runs no compiler and makes no temporary directory. */
export const goVariables = [
  ...["GOVERSION", "GOROOT", "GOPATH", "GOMODCACHE", "GOCACHE", "GOTMPDIR", "GOENV", "GOBIN", "GO111MODULE"],
  ...["GOFLAGS", "GOPROXY", "GOSUMDB", "GOPRIVATE", "GONOPROXY", "GONOSUMDB", "GOINSECURE", "GOVCS", "GOAUTH"],
  ...["GOTOOLCHAIN", "GOCACHEPROG", "GOOS", "GOARCH", "GOHOSTOS", "GOHOSTARCH"],
] as const;

/** The settings that are not in the environment: of the user's file, and of the Go installation. */
export interface GoFiles {
  readonly user: ReadonlyMap<string, string>;
  readonly installation: ReadonlyMap<string, string>;
}

/** Reads a file that `go env -w` writes: KEY=value lines; anything else is passed over, as go does. */
export function parseGoEnvFile(text: string): Map<string, string> {
  const settings = new Map<string, string>();
  for (const line of text.split("\n")) {
    const match = /^([A-Z][^=]*)=(.*)$/.exec(line);
    if (match !== null) settings.set(match[1] as string, match[2] as string);
  }
  return settings;
}

/** The path of the user's go/env file; `off`, or empty if there is no place for one. */
export function goEnvFile(variables: Environment, platform: string): string {
  const chosen = variables["GOENV"];
  if (chosen) return chosen;
  const directory = configDirectory(variables, platform);
  return directory === "" ? "" : posix.join(directory, "go/env");
}

function configDirectory(variables: Environment, platform: string): string {
  const { HOME: home } = variables;
  if (platform === "darwin") return home ? posix.join(home, "Library/Application Support") : "";
  return xdgDirectory(variables["XDG_CONFIG_HOME"], home, ".config");
}

/** Go refuses a relative XDG directory rather than to fall back on HOME. */
function xdgDirectory(chosen: string | undefined, home: string | undefined, usual: string): string {
  if (chosen) return posix.isAbsolute(chosen) ? chosen : "";
  return home ? posix.join(home, usual) : "";
}

/** One setting as go looks it up: the environment, then the user's file, then the installation's. Empty counts as unset. */
export function goSetting(name: string, variables: Environment, files: GoFiles): string {
  return variables[name] || files.user.get(name) || files.installation.get(name) || "";
}

/**
 * Go's settings without asking go.
 * @param goRoot where Go is installed, if that is known
 */
export function defaultGoEnv(
  variables: Environment,
  files: GoFiles,
  goRoot: string,
  platform: string,
): Record<string, string> {
  const setting = (name: string): string => goSetting(name, variables, files);
  const env: Record<string, string> = {};
  for (const name of goVariables) {
    const value = setting(name);
    if (value !== "") env[name] = value;
  }
  // GOROOT/go.env names the public proxy and checksum database; without that file no host is invented here.
  for (const name of ["GOFLAGS", "GOTMPDIR", "GOPRIVATE", "GOINSECURE"]) env[name] ??= "";
  env["GOROOT"] = setting("GOROOT") || goRoot;
  const file = goEnvFile(variables, platform);
  env["GOENV"] = file === "off" ? "" : file;
  env["GOPATH"] = setting("GOPATH") || usualGoPath(variables["HOME"], env["GOROOT"]);
  env["GOMODCACHE"] = setting("GOMODCACHE") || belowGoPath(env["GOPATH"], "pkg/mod");
  env["GOCACHE"] = setting("GOCACHE") || usualBuildCache(variables, platform);
  env["GONOPROXY"] = setting("GONOPROXY") || setting("GOPRIVATE");
  env["GONOSUMDB"] = setting("GONOSUMDB") || setting("GOPRIVATE");
  return env;
}

/** A path below the first directory of GOPATH, where go puts what all of GOPATH shares; empty if GOPATH is. */
export function belowGoPath(goPath: string, relative: string): string {
  const first = goPath.split(":")[0] ?? "";
  return first === "" ? "" : posix.join(first, relative);
}

/** go/build does not take $HOME/go if Go itself is installed there. */
function usualGoPath(home: string | undefined, goRoot: string): string {
  if (!home) return "";
  const usual = posix.join(home, "go");
  return goRoot !== "" && posix.normalize(goRoot) === usual ? "" : usual;
}

function usualBuildCache(variables: Environment, platform: string): string {
  const { HOME: home } = variables;
  const directory =
    platform === "darwin"
      ? home && posix.join(home, "Library/Caches")
      : xdgDirectory(variables["XDG_CACHE_HOME"], home, ".cache");
  return directory ? posix.join(directory, "go-build") : "off";
}
