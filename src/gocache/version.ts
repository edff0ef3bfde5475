// Go's two kinds of versions: of modules (semantic versions, golang.org/x/mod/semver) and of Go itself (cmd/go/internal/gover).

/** Compares module versions as minimal version selection does. Negative if a is older. */
export function compareVersions(a: string, b: string): number {
  const left = split(a);
  const right = split(b);
  for (let index = 0; index < 3; index += 1) {
    const difference = compareNumbers(left.numbers[index] ?? "0", right.numbers[index] ?? "0");
    if (difference !== 0) return difference;
  }
  return comparePrerelease(left.prerelease, right.prerelease);
}

/** Whether a version names a commit: `v0.0.0-20240102030405-abcdefabcdef` (golang.org/x/mod/module). */
export function isPseudoVersion(version: string): boolean {
  return /^v\d+\.(0\.0-|\d+\.\d+-([^+]*\.)?0\.)\d{14}-[A-Za-z0-9]+(\+.*)?$/.test(version);
}

/** What `latest` means: the highest release, or the highest pre-release if there is none. Of an empty list it is "". */
export function latestVersion(versions: readonly string[]): string {
  const compatible = versions.filter((version) => !version.endsWith("+incompatible"));
  const among = compatible.length > 0 ? compatible : versions;
  const releases = among.filter((version) => split(version).prerelease === "");
  const candidates = releases.length > 0 ? releases : among;
  return candidates.reduce((best, version) => (best === "" || compareVersions(version, best) > 0 ? version : best), "");
}

function split(version: string): { numbers: string[]; prerelease: string } {
  const match = /^v(\d+)(?:\.(\d+))?(?:\.(\d+))?(?:-([^+]*))?/.exec(version);
  return { numbers: [match?.[1] ?? "0", match?.[2] ?? "0", match?.[3] ?? "0"], prerelease: match?.[4] ?? "" };
}

/** Compares decimal numbers of any length: a pseudo-version's time stamp needs no more than a double, but a hostile one might. */
function compareNumbers(a: string, b: string): number {
  const left = a.replace(/^0+(?=\d)/, "");
  const right = b.replace(/^0+(?=\d)/, "");
  return left.length - right.length || (left < right ? -1 : left > right ? 1 : 0);
}

function comparePrerelease(a: string, b: string): number {
  if (a === b) return 0;
  if (a === "") return 1;
  if (b === "") return -1;
  const left = a.split(".");
  const right = b.split(".");
  for (const [index, word] of left.entries()) {
    const other = right[index];
    if (other === undefined) return 1;
    if (word === other) continue;
    const numeric = /^\d+$/.test(word);
    const otherNumeric = /^\d+$/.test(other);
    if (numeric && otherNumeric) return compareNumbers(word, other);
    if (numeric !== otherNumeric) return numeric ? -1 : 1;
    return word < other ? -1 : 1;
  }
  return -1;
}

/** Compares versions of Go such as `1.21`, `1.21rc2`, `1.22.3`. `1.21` is older than `1.21rc1`, which is older than `1.21.0`. */
export function compareGo(a: string, b: string): number {
  const left = splitGo(a);
  const right = splitGo(b);
  for (const [index, part] of left.entries()) {
    const difference = part - (right[index] as number);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** major, minor, rank of the kind (language version, beta, rc, release), number. */
function splitGo(version: string): [number, number, number, number] {
  const match = /^(?:go)?(\d+)(?:\.(\d+))?(?:\.(\d+)|(beta|rc)(\d+))?/.exec(version);
  const kind = match?.[4] === "beta" ? 1 : match?.[4] === "rc" ? 2 : match?.[3] === undefined ? 0 : 3;
  return [Number(match?.[1] ?? 0), Number(match?.[2] ?? 0), kind, Number(match?.[3] ?? match?.[5] ?? 0)];
}
