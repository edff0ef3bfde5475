// What a path is to the go command, from its name alone: logs come from machines that we cannot look at.

export type Place =
  /** GOMODCACHE/cache/vcs. */
  | "vcs"
  /** GOPATH/pkg/sumdb. */
  | "sumdb"
  /** GOMODCACHE/cache/download, its lock, and GOMODCACHE/cache itself. */
  | "download"
  /** GOMODCACHE/golang.org/toolchain@…, or its download. */
  | "toolchain"
  /** GOMODCACHE/module@version. */
  | "extracted"
  /** GOMODCACHE itself, or a directory on the way to modules. */
  | "modcache"
  | "gocache"
  /** A work directory: go-build123, go-link-123, $WORK. */
  | "work"
  /** go.mod, go.sum, go.work of a work tree. */
  | "gomod"
  | "goroot"
  /** A directory named bin that programs are installed to. */
  | "bin"
  /** GOPATH/src, or GOPATH itself. */
  | "gopath"
  | "other";

const table: readonly (readonly [Place, RegExp])[] = [
  ["vcs", /\/cache\/vcs(?:\/|$)/],
  ["toolchain", /golang\.org\/toolchain(?:@|\/|$)/],
  ["download", /\/cache\/download(?:\/|$)|\/(?:mod|modcache|gomodcache)\/cache$|\/cache\/lock$|\/@v\/(?:list|v\d)/],
  ["sumdb", /(?:^|\/)sumdb(?:\/|$)/],
  ["work", /(?:^|\/)go-(?:build|link-?|vet|tool-?)-?\d+|^\$WORK\b|^\$env:WORK/i],
  ["extracted", /[^/]@v\d[^/]*(?:\/|$)/],
  ["modcache", /(?:^|\/)pkg\/mod(?:\/|$)|\/(?:go-?mod-?cache|modcache)(?:\/|$)/i],
  ["gocache", /(?:^|\/)go-build(?:\/|$)|(?:^|\/)[0-9a-f]{2}\/(?:[0-9a-f]{64}|\.{3})-[ad]\b|\/go-?cache(?:\/|$)/i],
  ["gomod", /(?:^|\/)go\.(?:mod|sum|work|work\.sum)$/],
  [
    "goroot",
    /(?:\/usr\/local\/go|\/usr\/lib(?:64)?\/go(?:-[\d.]+)?|\/usr\/share\/go(?:-[\d.]+)?|\/sdk\/go1[^/]*|\/gos\/go1[^/]*|\/Cellar\/go\/[^/]+\/libexec|hostedtoolcache\/go\/[^/]+\/[^/]+|[A-Z]:\/(?:[^/]+\/)*go|\/goroot|\/opt\/go)\/(?:src|pkg|lib)(?:\/(?:tool|include|linux|darwin|windows|freebsd)|\/[^/]+)/i,
  ],
  ["goroot", /\/pkg\/(?:linux|darwin|windows|freebsd|openbsd|netbsd)_\w+\/.*\.a$|\/pkg\/tool\//],
  ["bin", /(?:^|\/)bin\/[^/]+$/],
  ["gopath", /(?:^|\/)(?:go|gopath|workspace)\/src(?:\/|$)|\/src\/(?:github\.com|golang\.org|gopkg\.in)|^\/go\/src/i],
];

/** What is known of the machine that a log comes from: its own names for places that have usual ones. Absolute paths. */
export interface KnownPlaces {
  readonly modcache?: string;
  readonly gocache?: string;
  readonly goroot?: string;
}

/**
 * @param path with slashes of either kind
 * @param known where places are that are not where they usually are
 */
export function placeOf(path: string, known: KnownPlaces = {}): Place {
  if (path === "") return "other";
  const slashed = path.replaceAll("\\", "/").replace(/\/+/g, "/");
  const below = (directory: string | undefined): string | undefined =>
    directory && `${slashed}/`.startsWith(`${directory}/`) ? slashed.slice(directory.length) : undefined;
  const inModcache = below(known.modcache);
  if (inModcache !== undefined) return usual(`/go/pkg/mod${inModcache}`);
  if (below(known.gocache) !== undefined) return "gocache";
  if (below(known.goroot) !== undefined) return "goroot";
  return usual(slashed);
}

function usual(slashed: string): Place {
  return table.find(([, pattern]) => pattern.test(slashed))?.[0] ?? "other";
}

/** Whether a path is below somebody's home directory. */
export function inHome(path: string): boolean {
  return /^(?:\/home\/[^/]+|\/Users\/[^/]+|\/root|\/var\/lib\/[^/]+|[A-Za-z]:[\\/]Users[\\/][^\\/]+)(?:[\\/]|$)/.test(
    path,
  );
}

/** Absolute paths that a text names, in the order of the text. */
export function pathsIn(text: string): string[] {
  const found = text.matchAll(/(?<![\w:/.@-])(?:\/[^\s:"'`,;()<>|]+|[A-Za-z]:\\[^\s:"'`,;()<>|]+)/g);
  return [...new Set([...found].map((match) => match[0].replace(/[.…]+$/, "")))].filter((path) => path.length > 1);
}
