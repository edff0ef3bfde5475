// Packages of the standard library, by name.
import type { Statement } from "../rule.ts";

const roots = new Set(
  "archive bufio builtin bytes cmp compress container context crypto database debug embed encoding errors expvar flag fmt go hash html image index internal io iter log maps math mime net os path plugin reflect regexp runtime slices sort strconv strings structs sync syscall testing text time unicode unique unsafe weak".split(
    " ",
  ),
);

/** The release that a package came with, for those that came late enough to be missed. From the release notes of Go. */
const since: Readonly<Record<string, string>> = {
  embed: "1.16",
  "io/fs": "1.16",
  "testing/fstest": "1.16",
  "runtime/metrics": "1.16",
  "debug/buildinfo": "1.18",
  "net/netip": "1.18",
  "go/doc/comment": "1.19",
  "crypto/ecdh": "1.20",
  "runtime/coverage": "1.20",
  cmp: "1.21",
  "log/slog": "1.21",
  maps: "1.21",
  slices: "1.21",
  "testing/slogtest": "1.21",
  "go/version": "1.22",
  "math/rand/v2": "1.22",
  iter: "1.23",
  structs: "1.23",
  unique: "1.23",
  "crypto/hkdf": "1.24",
  "crypto/mlkem": "1.24",
  "crypto/pbkdf2": "1.24",
  "crypto/sha3": "1.24",
  weak: "1.24",
  "testing/synctest": "1.25",
};

const missing = /\bpackage (\S+) is not in (?:GOROOT|std)\b/;
const bytealg = /[/\\]src[/\\](?:runtime|internal|reflect|sync|fmt|os)\S*\.go:\d+:\d+: cannot find package/;

/** The package that is said to be missing from the standard library. */
export function missingPackage({ said }: Statement): string | undefined {
  return missing.exec(said)?.[1];
}

export function isStandard(name: string): boolean {
  return roots.has(name.split("/", 1)[0] as string);
}

/** The release of Go that the package needs, if it is a late one. */
export function releaseOf(name: string): string | undefined {
  return since[name];
}

/** Whether GOROOT, as the line names it, cannot be one: a directory that holds no src of its own. */
export function oddRoot({ said }: Statement): boolean {
  return /\bis not in (?:GOROOT|std) \([^)]*[/\\](?:bin|pkg|src|mod)[/\\]src[/\\]/.test(said);
}

/**
 * Whether go misses a package that its own standard library surely has. Since Go 1.19 the index of packages is in GOCACHE, and
 * what goes wrong there is not told (golang/go#60076).
 */
export function misreported(statement: Statement): boolean {
  const name = missingPackage(statement);
  if (name === undefined) return bytealg.test(statement.said);
  return isStandard(name) && releaseOf(name) === undefined && !oddRoot(statement);
}
