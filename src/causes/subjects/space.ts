// Full file systems, quotas and other limits of size and number.
import type { Rule, Subject } from "../rule.ts";
import { misreportedRule } from "./misreported.ts";
import { space as df, otherTmp, tellOperator } from "./remedies.ts";

const cleanModcache = {
  text: "Make room: this removes every cached module, of everybody who uses the cache",
  command: "go clean -modcache",
};
const cleanGocache = {
  text: "Make room: go itself only removes what was not used for five days, and knows no limit",
  command: "go clean -cache",
};
const moreInodes = {
  text: "Count the inodes: caches are very many small files",
  command: 'df -i "$(go env GOMODCACHE)" "$(go env GOCACHE)"',
};

const full = ["ENOSPC"] as const;

const rules: readonly Rule[] = [
  {
    subcategory: "enospc-goproxy-server-side",
    says: /no space left on device|disk quota exceeded|not enough space/i,
    heard: true,
    where: "server",
    message: "The disk of the proxy {host} is full, not that of this machine",
    remedies: [tellOperator, { text: "Use another proxy meanwhile", command: "go env GOPROXY" }],
  },
  {
    subcategory: "enospc-ci-cache-save",
    says: /\btar: .*(?:Wrote only \d+ of \d+ bytes|Cannot write: No space left)/i,
    message: "The disk is full while the CI service packs its cache",
    remedies: [{ text: "Cache less: leave the build cache out, or empty it before", command: "go clean -cache" }, df],
  },
  {
    subcategory: "edquot",
    errno: ["EDQUOT"],
    message: "The user's quota is used up; the disk itself may have room",
    remedies: [
      { text: "See the quota", command: "quota -s" },
      {
        text: "Move the caches out of the home directory",
        command: "export GOMODCACHE=/var/tmp/gomodcache-$(id -u) GOCACHE=/var/tmp/gocache-$(id -u)",
      },
    ],
  },
  {
    subcategory: "emfile",
    errno: ["EMFILE"],
    holds: ({ speaker, failure }) =>
      speaker === "go" || ["gocache", "download", "extracted", "goroot"].includes(failure?.place ?? "other"),
    message: "The process or the system has too many files open",
    remedies: [
      { text: "Raise the limit", command: "ulimit -n 4096" },
      { text: "Or do less at a time", command: "go build -p 1 ./..." },
    ],
  },
  {
    subcategory: "efbig-ulimit",
    errno: ["EFBIG"],
    message:
      "A file may not become that large: a limit of the shell (ulimit -f), or of the file system (4 GiB on FAT32)",
    remedies: [{ text: "Lift the limit", command: "ulimit -f unlimited" }],
  },
  {
    subcategory: "enospc-vcs-clone",
    errno: full,
    place: ["vcs"],
    message: "No room for the repository that git was to fetch into the module cache",
    remedies: [df, cleanModcache],
  },
  {
    subcategory: "inodes-gocache",
    errno: full,
    operation: /^(?:mkdir|open)/,
    holds: ({ said, failure }) =>
      failure?.place === "gocache" || /initializ\w+ (?:build )?cache|disabling cache/.test(said),
    likely: true,
    message:
      "No file can be made in the build cache: most often its file system is out of inodes, while there is room for bytes",
    remedies: [moreInodes, cleanGocache],
  },
  {
    subcategory: "enospc-gocache",
    errno: full,
    place: ["gocache"],
    near: "root",
    message: "The file system of the build cache is full: {path}",
    remedies: [df, cleanGocache],
  },
  {
    subcategory: "enospc-build-output",
    errno: full,
    says: /copying |a\.out to /,
    message: "No room for what was built: {path}",
    remedies: [{ text: "Make room on that file system, or write to another one with -o", command: "df -h ." }],
  },
  {
    subcategory: "enospc-tmp",
    errno: full,
    holds: ({ said, failure }) =>
      failure?.place === "work" ||
      /creating work dir|\$WORK|mapping output file|writing output|final link failed|^(?:.*[/\\])?(?:compile|link|asm|cgo|cover|vet)(?:\.exe)?: /.test(
        said,
      ),
    message: "The file system where go works is full: TMPDIR is often a small tmpfs",
    remedies: [
      otherTmp,
      {
        text: "Remove what killed builds left there",
        command:
          'find "${TMPDIR:-/tmp}" -maxdepth 1 -user "$(id -un)" \\( -name "go-build*" -o -name "go-link-*" \\) -mmin +120 -exec rm -r {} +',
      },
    ],
  },
  {
    subcategory: "inodes-modcache",
    errno: full,
    operation: /^(?:mkdir|open)/,
    place: ["download", "extracted", "modcache"],
    likely: true,
    message:
      "No file can be made in the module cache: most often its file system is out of inodes, while there is room for bytes",
    remedies: [moreInodes, cleanModcache],
  },
  {
    subcategory: "enospc-modcache",
    errno: full,
    holds: ({ said, failure }) =>
      ["download", "extracted", "modcache", "toolchain", "sumdb"].includes(failure?.place ?? "") ||
      /unzip|(?:stat|go\.mod) cache: /.test(said),
    message: "The file system of the module cache is full: a module takes two to five times the size of its zip",
    remedies: [
      df,
      cleanModcache,
      { text: "Or move it to a larger one", command: "export GOMODCACHE=/var/tmp/gomodcache-$(id -u)" },
    ],
  },
  {
    subcategory: "enospc-modcache",
    says: /write failed, file system is full/i,
    likely: true,
    message: "A file system is full that the build writes to",
    remedies: [df, cleanModcache],
  },
  {
    subcategory: "enospc-vcs-clone",
    says: /fatal: (?:unable to (?:write|checkout)|cannot create|write error|sha1 file).*|unable to write (?:sha1 |new )?file/i,
    around: /no space left on device/i,
    notAround: /--- FAIL/,
    message: "No room for the repository that git was to fetch",
    remedies: [df, cleanModcache],
  },
  {
    subcategory: "enospc-build-output",
    errno: full,
    spoken: "go",
    message: "A file system is full: {path} cannot be written",
    remedies: [df],
  },
  misreportedRule,
];

export const space: Subject = {
  category: "space",
  coarse: "fs",
  disposition: "fix-environment",
  words: [
    "no space left on device",
    "not enough space on the disk",
    "file system is full",
    "disk quota exceeded",
    "too many open files",
    "file too large",
    "wrote only ",
    "unable to write",
    " is not in goroot",
    " is not in std",
    "cannot find package",
  ],
  rules,
};
