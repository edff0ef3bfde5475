// Go's hashes, beside the shell: `sha256sum $(find . -type f | sort) | sha256sum`, as golang.org/x/mod/sumdb/dirhash describes it.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { goModHash, hash1, recordedHash } from "../../src/gocache/dirhash.ts";
import { scratch } from "../tree/scratch.ts";

const sha256 = (text: string): string => createHash("sha256").update(text, "latin1").digest("base64");
const digest = (text: string): string => createHash("sha256").update(text).digest("hex");

test("the hash of files is that of the shell, whatever their names and order", () => {
  const root = scratch();
  const names = [
    "a@v1/go.mod",
    "a@v1/Z.go",
    "a@v1/z.go",
    "a@v1/sub/é.go",
    "a@v1/sub/日本.go",
    "a@v1/a b.go",
    "a@v1/\u{1f600}",
    "a@v1/\uffee",
  ];
  for (const [index, name] of names.entries()) {
    mkdirSync(dirname(`${root}/${name}`), { recursive: true });
    writeFileSync(`${root}/${name}`, `content ${index}\n`);
  }
  const script = "find . -type f -printf '%P\\0' | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum";
  const hex = execFileSync("sh", ["-c", script], { cwd: root, encoding: "utf8" }).slice(0, 64);
  const files = names.map((name, index) => {
    return { name: Buffer.from(name).toString("latin1"), sha256: digest(`content ${index}\n`) };
  });
  const expected = `h1:${Buffer.from(hex, "hex").toString("base64")}`;
  expect(hash1(files, sha256)).toBe(expected);
  expect(hash1(files.reverse(), sha256)).toBe(expected);
});

test("a go.mod is hashed as the only file of a module", () => {
  // From a go.sum that go wrote: rsc.io/quote v1.5.2/go.mod.
  const text = 'module "rsc.io/quote"\n\nrequire "rsc.io/sampler" v1.3.0\n';
  expect(goModHash(digest(text), sha256)).toBe("h1:LzX7hefJvL54yjefDEDHNONDjII0t9xZLPXsUe+TKr0=");
});

test("a ziphash holds a hash, with white space around it or not", () => {
  const hash = `h1:${"A".repeat(43)}=`;
  expect(recordedHash(hash)).toBe(hash);
  expect(recordedHash(`${hash}\n`)).toBe(hash);
  for (const text of ["", "h1:", hash.slice(0, 30), "\0".repeat(47), `${hash}${hash}`, hash.replace("h1", "h2")]) {
    expect(recordedHash(text)).toBeUndefined();
  }
  fc.assert(fc.property(fc.string(), (text) => recordedHash(text) === undefined || text.includes("h1:")));
});
