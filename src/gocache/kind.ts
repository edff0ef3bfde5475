// What a path in the module cache is to Go (cmd/go/internal/modfetch/cache.go, codehost/codehost.go, sumdb.go; golang.org/x/mod/zip).

export type EntryKind =
  | "root"
  /** `cache`, and every directory on the way to `@v` or to an extracted module. */
  | "directory"
  /** `cache/download/<module>/@v` */
  | "version-directory"
  | "info"
  | "mod"
  | "zip"
  | "ziphash"
  /** `@v/<version>.lock`, taken while a module is fetched. */
  | "lock"
  /** `@v/<version>.partial`, there only while a module is extracted. */
  | "partial"
  | "list"
  /** `cache/lock`, taken while go.mod and go.sum are written. */
  | "side-lock"
  | "vcs"
  | "sumdb"
  /** `<module>@<version>` */
  | "module-directory"
  | "source-directory"
  | "source-file"
  /** A program of an extracted toolchain: `golang.org/toolchain@…/bin/*` and `pkg/tool/*`. */
  | "toolchain-binary"
  /** `<name><digits>.tmp`, left when a download was killed. */
  | "temporary"
  /** Nothing that Go puts there. */
  | "foreign";

const toolchainBinary = /^golang\.org\/toolchain@[^/]+\/(bin|pkg\/tool)\/.+/;
const versionFile = /^(.+)\.(info|mod|zip|ziphash|lock|partial)$/;
const temporaryFile = /\d+\.tmp$/;

/**
 * The kind of an entry.
 * @param relative its path below GOMODCACHE without a leading slash; empty for GOMODCACHE itself
 */
export function kindOf(relative: string, isDirectory: boolean): EntryKind {
  if (relative === "") return "root";
  if (relative === "cache" || relative.startsWith("cache/")) return kindInCache(relative, isDirectory);
  const at = relative.indexOf("@");
  if (at > 0 && !relative.slice(0, at).endsWith("/")) {
    const slash = relative.indexOf("/", at);
    if (slash < 0) return isDirectory ? "module-directory" : "foreign";
    if (isDirectory) return "source-directory";
    return toolchainBinary.test(relative) ? "toolchain-binary" : "source-file";
  }
  return isDirectory ? "directory" : "foreign";
}

function kindInCache(relative: string, isDirectory: boolean): EntryKind {
  if (relative === "cache/lock") return isDirectory ? "foreign" : "side-lock";
  if (relative === "cache/vcs" || relative.startsWith("cache/vcs/")) return "vcs";
  if (relative.startsWith("cache/download/sumdb/")) return "sumdb";
  if (relative === "cache" || relative === "cache/download") return isDirectory ? "directory" : "foreign";
  if (!relative.startsWith("cache/download/")) return "foreign";
  const at = relative.indexOf("/@v");
  if (at < 0) return isDirectory ? "directory" : "foreign";
  const name = relative.slice(at + 4);
  if (name === "") return isDirectory ? "version-directory" : "foreign";
  if (isDirectory || name.includes("/")) return "foreign";
  if (name === "list") return "list";
  if (temporaryFile.test(name)) return "temporary";
  return (versionFile.exec(name)?.[2] as EntryKind | undefined) ?? "foreign";
}

/** The version that a file of an `@v` directory belongs to, still escaped: `v1.2.3.ziphash` -> `v1.2.3`. */
export function versionOf(name: string): string | undefined {
  return versionFile.exec(name)?.[1];
}
