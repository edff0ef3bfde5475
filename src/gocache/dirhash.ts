// The hashes of go.sum and .ziphash (golang.org/x/mod/sumdb/dirhash: Hash1; cmd/go/internal/modfetch/fetch.go: goModSum).

/** The name of a file in its module zip, `module@version/path`, and the SHA-256 of its content in hex. */
export interface NamedDigest {
  /** One character a byte: Go sorts and hashes names as bytes, and a name need not be UTF-8. */
  readonly name: string;
  readonly sha256: string;
}

/** SHA-256 in base64 of a text whose characters are bytes. */
export type Sha256 = (bytes: string) => string;

/** The hash of a module's files, as a zip or as a tree, in whatever order they come. */
export function hash1(files: readonly NamedDigest[], sha256: Sha256): string {
  const sorted = [...files].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  return `h1:${sha256(sorted.map(({ name, sha256: digest }) => `${digest}  ${name}\n`).join(""))}`;
}

/** The hash of a cached go.mod, for which go.sum has the line `module version/go.mod`. @param digest its SHA-256 in hex */
export function goModHash(digest: string, sha256: Sha256): string {
  return hash1([{ name: "go.mod", sha256: digest }], sha256);
}

/** SHA-256 has 32 bytes: 43 characters of base64 and one of padding. Go trims white space around it (modfetch.checkMod). */
const recorded = /^\s*(h1:[A-Za-z0-9+/]{43}=)\s*$/;

/** The hash that a .ziphash holds; undefined if its text is none, as a crash leaves it. */
export function recordedHash(text: string): string | undefined {
  return recorded.exec(text)?.[1];
}
