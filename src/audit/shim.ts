// A directory with a `go` in it that runs the real one under `gomodcache run`: for make, IDEs and scripts, first on PATH.
import {
  accessSync,
  chmodSync,
  constants,
  mkdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { posix } from "node:path";
import { UserError } from "../error.ts";
import { shellQuote } from "../rules/shared/say.ts";

/** By its second line a shim is known as ours. */
const mark = "# A go shim of gomodcache.";
const longestShim = 64 * 1024;

export interface ShimRequest {
  /** Absolute. */
  readonly directory: string;
  readonly path: string | undefined;
  /** The words that start this program: node and a script, or an executable. */
  readonly program: readonly string[];
}

/**
 * Makes DIR/go. A second time changes nothing, unless go or this program have moved.
 * @returns the real go, and whether anything was written
 * @throws {UserError} if there is no go, or something else is in the shim's place
 */
export function installShim(request: ShimRequest): { go: string; written: boolean } {
  const { directory, path, program } = request;
  const file = posix.join(directory, "go");
  const go = findRealGo(path ?? "", directory);
  if (go === undefined)
    throw new UserError("there is no go on PATH for the shim to run", "put the directory of go on PATH first", 1);
  const old = readShim(file);
  if (old !== undefined && !isShim(old))
    throw new UserError(`${file} is there and is no shim of ours: it was left alone`, "name another directory");
  const text = shimText(go, program);
  if (old === text) return { go, written: false };
  try {
    mkdirSync(directory, { recursive: true, mode: 0o755 });
    const fresh = `${file}.${process.pid}.new`;
    writeFileSync(fresh, text, { flag: "wx", mode: 0o755 });
    chmodSync(fresh, 0o755);
    renameSync(fresh, file);
  } catch (error) {
    throw new UserError(
      `${file} could not be written (${(error as NodeJS.ErrnoException).code})`,
      "name a directory that you may write to",
    );
  }
  return { go, written: true };
}

/** @returns false if there is none. @throws {UserError} if what is there is not ours */
export function removeShim(directory: string): boolean {
  const file = posix.join(directory, "go");
  const old = readShim(file);
  if (old === undefined) return false;
  if (!isShim(old)) throw new UserError(`${file} is no shim of ours: it was left alone`, "name the shim's directory");
  rmSync(file);
  return true;
}

function isShim(text: string): boolean {
  return text.split("\n")[1]?.startsWith(mark) === true;
}

/** The text of what is in the shim's place; something unreadable or large is somebody else's. */
function readShim(file: string): string | undefined {
  try {
    const stats = statSync(file, { throwIfNoEntry: false });
    if (stats === undefined) return undefined;
    return stats.isFile() && stats.size <= longestShim ? readFileSync(file, "utf8") : "";
  } catch {
    return "";
  }
}

function findRealGo(path: string, shims: string): string | undefined {
  for (const directory of path.split(":")) {
    if (!directory.startsWith("/") || real(directory) === real(shims)) continue;
    const file = posix.join(directory, "go");
    try {
      accessSync(file, constants.X_OK);
      if (statSync(file).isFile() && !isShim(readShim(file) ?? "")) return file;
    } catch {
      // The next one, as a shell would.
    }
  }
  return undefined;
}

function real(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

/**
 * Whatever is missing of us, go runs. A go that is run by an observed go is observed with it; commands that read no modules
 * are not worth the start of node.
 */
function shimText(go: string, [starter = "", script]: readonly string[]): string {
  return `#!/bin/sh
${mark} Remove it with: gomodcache run --remove-shim DIR
go=${shellQuote(go)}
node=${shellQuote(starter)}
${script === undefined ? "" : `script=${shellQuote(script)}\n`}if [ ! -x "$go" ]; then
  # It has moved: the next one on PATH that is not this file.
  here=$(cd "$(dirname "$0")" && pwd -P)
  go=
  rest=$PATH:
  while [ -n "$rest" ] && [ -z "$go" ]; do
    directory=\${rest%%:*}
    rest=\${rest#*:}
    case $directory in /*) ;; *) continue ;; esac
    [ "$(cd "$directory" 2>/dev/null && pwd -P)" = "$here" ] && continue
    [ -f "$directory/go" ] && [ -x "$directory/go" ] || continue
    head -n 2 "$directory/go" 2>/dev/null | grep -aqF '${mark}' || go=$directory/go
  done
  if [ -z "$go" ]; then
    echo "gomodcache: the shim $0 finds no go on PATH" >&2
    exit 127
  fi
fi
case \${GOMODCACHE_SHIM:+nested}:$1 in
  nested:* | :env | :version | :help | :fmt | :clean | :bug | :telemetry) exec "$go" "$@" ;;
esac
[ -x "$node" ]${script === undefined ? "" : ' && [ -f "$script" ]'} || exec "$go" "$@"
GOMODCACHE_SHIM=1
export GOMODCACHE_SHIM
exec "$node"${script === undefined ? "" : ' "$script"'} run -- "$go" "$@"
`;
}
