// A cache with modules whose hashes are right, made without go: by fflate's zips and this project's own hashes, which other tests
// compare with go's.
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { zipSync } from "fflate";
import { goModHash, hash1 } from "../../src/gocache/dirhash.ts";
import { escapePath } from "../../src/gocache/escape.ts";
import { digestOf, sha256OfBytes } from "../../src/verify/digest.ts";

export interface MadeModule {
  /** `…/@v/<version>` */
  readonly base: string;
  readonly tree: string;
  readonly zipHash: string;
  readonly modHash: string;
}

export const plainFiles: Readonly<Record<string, string>> = {
  "go.mod": "module example.com/alpha\n",
  "a.go": "package alpha\n",
  "sub/b.go": "package sub\n",
};

export function zipOf(files: Readonly<Record<string, string | Uint8Array>>, level: 0 | 6 = 6): Uint8Array {
  const entries = Object.entries(files).map(([name, content]) => [name, Buffer.from(content as string)] as const);
  return zipSync(Object.fromEntries(entries), { level, mtime: "2024-01-02" });
}

export function addModule(
  cache: string,
  path = "example.com/alpha",
  version = "v1.0.0",
  files: Readonly<Record<string, string>> = plainFiles,
): MadeModule {
  const base = `${cache}/cache/download/${escapePath(path)}/@v/${escapePath(version)}`;
  const tree = `${cache}/${escapePath(path)}@${escapePath(version)}`;
  const named = Object.entries(files).map(([name, text]) => [`${path}@${version}/${name}`, text] as const);
  const zipHash = hash1(
    named.map(([name, text]) => ({ name: Buffer.from(name).toString("latin1"), sha256: digestOf(Buffer.from(text)) })),
    sha256OfBytes,
  );
  const goMod = files["go.mod"] ?? `module ${path}\n`;
  mkdirSync(dirname(base), { recursive: true });
  writeFileSync(`${base}.info`, JSON.stringify({ Version: version, Time: "2024-01-02T03:04:05Z" }));
  writeFileSync(`${base}.mod`, goMod);
  writeFileSync(`${base}.zip`, zipOf(Object.fromEntries(named)));
  writeFileSync(`${base}.ziphash`, zipHash);
  writeFileSync(`${base}.lock`, "");
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(`${tree}/${name}`), { recursive: true });
    writeFileSync(`${tree}/${name}`, text, { mode: 0o444 });
  }
  chmodSync(tree, 0o755);
  return { base, tree, zipHash, modHash: goModHash(digestOf(Buffer.from(goMod)), sha256OfBytes) };
}
