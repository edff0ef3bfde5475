// Caches whose contents are not what was fetched or built.
import type { Rule, Subject } from "../rule.ts";
import { freshGocache, removeBroken } from "./remedies.ts";

/** What go.sum has for an empty go.mod (emptyGoModHash of cmd/go/internal/modfetch/fetch.go), and for a zip without files. */
const emptyHashes =
  /downloaded:\s*h1:(?:G7mAYYxgmS0lVkHyy2hEOLQCFB0DlQFTMLWggykrydY=|47DEQpj8HBSa\+\/TImW\+5JCeuQeRkm5NMpJWZG3hSuFU=)/;
const extractedFile = /(?:^|[\s"'(])\S*[^/\\]@v\d[^\s:]*\.(?:go|s|c|h):\d+/;
const verify = { text: "See what else is damaged", command: "gomodcache verify" };
const cleanGocache = { text: "If so, empty it when nobody builds", command: "go clean -cache" };
const otherVersion = {
  text: "The module itself is bad: take another version",
  command: "go list -m -versions {module}",
};

const rules: readonly Rule[] = [
  {
    subcategory: "empty-gomod",
    says: /checksum mismatch/,
    around: emptyHashes,
    near: "root",
    message:
      "What is cached of {module} is an empty file: a crash, a full disk, or a proxy that sent nothing; this is no attack",
    remedies: [
      removeBroken,
      {
        text: "Or by hand: find what is empty, and delete it",
        command:
          'find "$(go env GOMODCACHE)/cache/download" -size 0 \\( -name "*.mod" -o -name "*.info" -o -name "*.zip" -o -name "*.ziphash" \\)',
      },
    ],
  },
  {
    subcategory: "zip-crc-local",
    says: /\.zip: (?:zip: checksum error|flate: corrupt input)/,
    message: "A cached zip is damaged: {path}",
    remedies: [removeBroken, verify],
  },
  {
    subcategory: "zip-truncated-local",
    says: /(?:unzip|open|opening) \S*\.zip: .*zip: (?:not a valid zip file|unsupported|unexpected)|unzip \S+: unexpected EOF/,
    message: "A cached zip is cut off: {path}",
    remedies: [removeBroken, verify],
  },
  {
    subcategory: "zip-invalid",
    says: /zip: not a valid zip file/,
    holds: ({ speaker, quoted, said }) =>
      speaker === "go" ||
      quoted ||
      /^(?:.*[\s(])?[\w.-]+\.\w+\/\S+: zip: |\b(?:go (?:mod|get|install)|verifying) /.test(said),
    where: "server",
    disposition: "retry",
    message: "What was fetched is no zip: a web page, or a body that was cut off",
    remedies: [
      {
        text: "Ask for it by hand, and look at it",
        command: 'curl -sSIL "$(go env GOPROXY | cut -d, -f1)/{module}/@v/{version}.zip"',
      },
      { text: "Try again, or with another proxy", command: "go env GOPROXY" },
    ],
  },
  {
    subcategory: "ziphash-empty",
    says: /unexpected ziphash: ""/,
    message: "The recorded hash of {module} is an empty file, as a crash leaves it",
    remedies: [
      removeBroken,
      {
        text: "Or by hand; Go since 1.15 makes it anew",
        command: 'find "$(go env GOMODCACHE)/cache/download" -name "*.ziphash" -size 0 -delete',
      },
    ],
  },
  {
    subcategory: "ziphash-malformed",
    says: /unexpected ziphash: /,
    message: "The recorded hash of {module} is damaged",
    remedies: [removeBroken, verify],
  },
  {
    subcategory: "ziphash-missing",
    says: /missing ziphash: /,
    message: "The recorded hash of {module} is missing: {path}",
    remedies: [{ text: "Let go make it anew", command: "go mod download {module}@{version}" }, removeBroken],
  },
  {
    subcategory: "verify-modified",
    says: /(?:dir|zip) has been modified/,
    message: "Somebody changed what is cached of {module}",
    remedies: [
      removeBroken,
      {
        text: "To change a module, work on a copy, and point go.mod at it",
        command: "go mod edit -replace {module}=./copy",
      },
    ],
  },
  {
    subcategory: "zip-malformed-path",
    says: /malformed file path|invalid char '|case-insensitive file name collision/,
    unless: /malformed import path|import ".*": |_test\.go/,
    message: "The module has a file whose name a module cannot have",
    disposition: "fix-repository",
    remedies: [otherVersion],
  },
  {
    subcategory: "zip-unexpected-file",
    says: /has unexpected file |zip for \S+ has|go\.mod file not in module root|too large to be a module/,
    message: "The zip is not laid out as a module's: {module}",
    disposition: "fix-repository",
    remedies: [otherVersion],
  },
  {
    subcategory: "sumdb-note-corrupt",
    says: /malformed note|initializing sumdb\.Client/,
    message: "What go keeps of the checksum database is damaged",
    remedies: [{ text: "Remove it; go fetches it again", command: 'rm -r "$(go env GOPATH)/pkg/sumdb"' }],
  },
  {
    subcategory: "io-error",
    errno: ["EIO"],
    holds: ({ speaker, failure }) => speaker === "go" || (failure?.place ?? "other") !== "other",
    message: "The disk or the network volume fails: {path} cannot be read or written",
    remedies: [
      { text: "Look at what the kernel says", command: "dmesg | tail -50" },
      { text: "Move the caches to another disk", command: "export GOMODCACHE=/var/tmp/gomodcache-$(id -u)" },
    ],
  },
  {
    subcategory: "extracted-file-nul",
    says: /invalid NUL character|invalid character U\+0000|NUL\b.*\.go/,
    around: extractedFile,
    message: "A file of an extracted module is full of zeros, as a crash leaves it",
    remedies: [removeBroken, verify],
  },
  {
    subcategory: "extracted-file-truncated",
    says: /1:1: (?:syntax error: package statement must be first|expected 'package', found 'EOF')|unexpected EOF|found 'EOF'/,
    around: extractedFile,
    unless: /read "|reading http/,
    message: "A file of an extracted module is empty or cut off, as a crash or a full disk leaves it",
    remedies: [removeBroken, verify],
  },
  {
    subcategory: "extracted-file-missing",
    errno: ["ENOENT"],
    place: ["extracted"],
    unless: /pattern |\btest\b|golden/,
    likely: true,
    message: "A file of an extracted module is gone: {path}",
    remedies: [removeBroken, verify],
  },
  {
    subcategory: "gocache-poisoned-parse",
    says: /:1:1: expected 'package', found 'EOF'|invalid NUL character|invalid character U\+0000/,
    likely: true,
    near: "symptom",
    message: "A source file looks empty to go: if it is not, the build cache holds a wrong copy of it",
    remedies: [{ text: "See whether the file is empty", command: "wc -c ./*.go" }, freshGocache, cleanGocache],
  },
  {
    subcategory: "gocache-could-not-import",
    says: /could not import \S+ \(open : no such file|could not import \S+ \((?:reading export data|no export data|unknown iexport)/,
    message: "The build cache lacks what was compiled of a package, or has damaged it",
    remedies: [freshGocache, cleanGocache],
  },
  {
    subcategory: "gocache-stale-index",
    says: /(?:modindex|module index|corrupt index|reading index|errCorrupt)|corrupt(?:ed)? (?:index|cache)|index: (?:corrupt|truncated)|bad (?:magic|index) /i,
    spoken: "go",
    message: "The index of packages in the build cache is damaged",
    remedies: [freshGocache, cleanGocache],
  },
];

export const cacheCorrupt: Subject = {
  category: "cache-corrupt",
  disposition: "fix-environment",
  words: [
    "checksum",
    "zip: ",
    "unzip ",
    "ziphash",
    "has been modified",
    "malformed file path",
    "invalid char",
    "name collision",
    "unexpected file",
    "zip for ",
    "module root",
    "malformed note",
    "sumdb.client",
    "input/output error",
    "i/o device error",
    "invalid nul",
    "u+0000",
    "package statement must be first",
    "found 'eof'",
    "unexpected eof",
    "no such file or directory",
    "cannot find the ",
    "could not import",
    "corrupt",
    " index",
    "modindex",
    "downloaded:",
    "bad magic",
  ],
  rules,
};
