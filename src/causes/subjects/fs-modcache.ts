// Permission, ownership and read-only file systems: the module cache.
import { inHome } from "../place.ts";
import type { Rule } from "../rule.ts";
import { chownModcache, diagnose, localToolchain, mountWritable, ownModcache } from "./remedies.ts";

const denied = ["EACCES", "DENIED"] as const;

export const modcacheRules: readonly Rule[] = [
  {
    subcategory: "toolchain-download-denied",
    errno: [...denied, "EROFS"],
    place: ["toolchain"],
    unless: /fork\/exec/,
    message: "go was to fetch another toolchain, as go.mod asks for it, and may not write the module cache",
    remedies: [diagnose, localToolchain, ownModcache],
  },
  {
    subcategory: "readonly-fs-modcache",
    errno: ["EROFS"],
    holds: ({ said, failure }) =>
      ["download", "extracted", "modcache", "vcs", "sumdb"].includes(failure?.place ?? "") ||
      /module cache|(?:go\.mod|stat|info|zip) cache:/.test(said) ||
      (failure?.operation === "mkdir" && /[/\\]cache$/.test(failure.path)),
    message: "The module cache is on a read-only file system and lacks something: {path} cannot be written",
    remedies: [
      { text: `${mountWritable}; a complete cache works read-only`, command: "export GOMODCACHE=/tmp/gomodcache" },
      { text: "Or put all modules into it beforehand, as somebody who may write it", command: "go mod download" },
    ],
  },
  {
    subcategory: "sumdb-dir-denied",
    errno: [...denied, "EPERM"],
    place: ["sumdb"],
    message:
      "go may not keep what it knows of the checksum database: {path} is in GOPATH/pkg/sumdb, which does not move with GOMODCACHE",
    remedies: [
      { text: "Name a GOPATH that the user may write", command: 'export GOPATH="$HOME/go"' },
      { text: "Or complete go.sum, so that nothing needs to be looked up", command: "go mod tidy" },
      diagnose,
    ],
  },
  {
    subcategory: "vcs-cache-denied",
    errno: [...denied, "EPERM"],
    place: ["vcs"],
    message: "The repositories in the module cache (cache/vcs) belong to another user",
    remedies: [diagnose, chownModcache, ownModcache],
  },
  {
    subcategory: "modcache-root-not-creatable",
    errno: [...denied, "EPERM"],
    says: /could not create module cache|failed to create cache directory/,
    message: "The module cache does not exist and cannot be made: the user may not write the directory above {path}",
    remedies: [
      {
        text: "Make it once, as somebody who may, for the user who needs it",
        command: 'sudo gomodcache init --cache-dir "$(go env GOMODCACHE)" --owner "$(id -un)"',
      },
      ownModcache,
    ],
  },
  {
    subcategory: "modcache-root-not-creatable",
    errno: denied,
    operation: /^mkdir/,
    path: /[/\\]pkg(?:[/\\]mod)?$/,
    message: "The module cache does not exist and cannot be made: {path}",
    remedies: [
      {
        text: "Make it once, as somebody who may, for the user who needs it",
        command: 'sudo gomodcache init --cache-dir "$(go env GOMODCACHE)" --owner "$(id -un)"',
      },
      ownModcache,
    ],
  },
  {
    subcategory: "ci-cache-restore-exists",
    says: /\btar(?:\.exe)?: .*[/\\]pkg[/\\]mod[/\\]|[/\\]pkg[/\\]mod[/\\].*: (?:Cannot open: |Can't unlink already-existing object)/,
    unless: /No space left/i,
    message:
      "tar cannot replace what is in the module cache, as go write-protects it: the CI cache was restored over a full one",
    remedies: [
      { text: "Restore the cache once only: let either setup-go or the other action do it" },
      { text: "Or empty the module cache before the restore", command: "go clean -modcache" },
    ],
  },
  {
    subcategory: "readonly-modcache-removal",
    says: /^(?:.*[\s:])?(?:rm|rmdir|find|Remove-Item|EACCES|Error)\b.*(?:cannot remove|rmdir|unlink|delet).*|EACCES: permission denied, (?:rmdir|unlink)|failed to remove directory|Failed to delete|unable to (?:remove|delete|unlink)|cannot remove|could not (?:remove|delete)/i,
    errno: [...denied, "EPERM"],
    holds: ({ said, failure }, { text }) =>
      ["extracted", "modcache"].includes(failure?.place ?? "") ||
      /[/\\](?:pkg[/\\])?mod[/\\]|@v\d|\.go[/\\]pkg/.test(text) ||
      /remove directory/.test(said),
    message: "Something other than go was to delete a module cache, whose directories go write-protects",
    remedies: removal(),
  },
  {
    subcategory: "readonly-modcache-removal",
    says: /failed to remove directory/i,
    around: /permission denied/i,
    likely: true,
    message:
      "Something other than go was to delete a directory with a module cache in it, whose directories go write-protects",
    remedies: removal(),
  },
  {
    subcategory: "modcache-root-owned",
    errno: denied,
    place: ["download"],
    operation: /^(?:unlink|remove|rmdir)/,
    message: "The files of the module cache belong to another user, as after sudo go: {path} cannot be removed",
    remedies: [chownModcache, diagnose],
  },
  {
    subcategory: "clean-modcache-denied",
    errno: [...denied, "EPERM"],
    spoken: "go",
    operation: /^(?:unlink|remove|rmdir)/,
    unless: /rename/,
    message: "go clean -modcache may not remove {path}: it belongs to another user",
    remedies: [
      {
        text: "Clean it as its owner, when nobody builds",
        command: 'sudo -u "$(stat -c %U "$(go env GOMODCACHE)")" go clean -modcache',
      },
      chownModcache,
    ],
  },
  {
    subcategory: "rename-denied-wsl",
    errno: ["EACCES"],
    operation: /^rename/,
    says: /\.tmp-\d+ /,
    message:
      "The directory that a module was unpacked to cannot be renamed: on WSL a program holds it open, such as an editor",
    disposition: "retry",
    remedies: [
      { text: "Close what watches the cache, and try again; Go since 1.16 does not rename" },
      { text: "Keep the caches on the Linux side, not below /mnt", command: 'export GOMODCACHE="$HOME/go/pkg/mod"' },
    ],
  },
  {
    subcategory: "modcache-umask-077",
    errno: denied,
    operation: /^(?:mkdir|open|stat|lstat)/,
    path: /[/\\]cache[/\\]download$/,
    message: "The module cache is closed to this user, as a umask of 077 makes it: {path}",
    remedies: [
      diagnose,
      { text: "Let the owner open it", command: "sudo gomodcache fix --contract private --umask 022" },
      ownModcache,
    ],
  },
  {
    subcategory: "modcache-readonly-by-design",
    errno: [...denied, "EPERM"],
    place: ["extracted"],
    says: /\.tmp\b|error writing|writing go\.(?:mod|sum)|mkdir|create|copying|rename/,
    unless: /unzip|writing (?:stat|go\.mod) cache/,
    message: "Something was to write into an extracted module, which go write-protects: {path}",
    remedies: [
      { text: "Work on a copy of the module, and point go.mod at it", command: "go mod edit -replace {module}=./copy" },
      { text: "Run the tool in the project's directory, not in the module cache" },
    ],
  },
  {
    subcategory: "modcache-dir-owner-only",
    errno: denied,
    place: ["extracted"],
    message: "An extracted module is readable by its owner only, as Go up to 1.15 and a umask of 077 leave it: {path}",
    remedies: [
      { text: "Let the owner open what is extracted", command: 'chmod -R a+rX "$(go env GOMODCACHE)"' },
      diagnose,
      ownModcache,
    ],
  },
  {
    subcategory: "modcache-root-owned",
    errno: denied,
    holds: ({ said, failure }) => inHome(failure?.path ?? "") && inModcache(said, failure?.place),
    message: "Part of the module cache in the user's own home belongs to another user, as after sudo go: {path}",
    remedies: [chownModcache, diagnose, ownModcache],
  },
  {
    subcategory: "modcache-not-owned-by-uid",
    errno: denied,
    holds: ({ said, failure }) => inModcache(said, failure?.place),
    message: "The module cache belongs to another user: {path} cannot be written",
    remedies: [
      diagnose,
      chownModcache,
      {
        text: "In a Dockerfile, give a cache mount the ids of the image's user",
        command: "RUN --mount=type=cache,target=/go/pkg/mod,uid=1000,gid=1000 go build ./...",
      },
      ownModcache,
    ],
  },
];

/** To find what a file imports, go makes directories in the module cache and nowhere else. */
const madeForImport = /^\S+\.go:\d+:\d+: mkdir /;

function inModcache(said: string, place: string | undefined): boolean {
  return (
    place === "download" ||
    place === "modcache" ||
    madeForImport.test(said) ||
    /writing (?:stat|go\.mod|info|zip|list) cache: /.test(said)
  );
}

function removal(): Rule["remedies"] {
  return [
    { text: "Remove a module cache with go", command: "go clean -modcache" },
    {
      text: "From now on, let go not write-protect what it extracts",
      command: "go env -w GOFLAGS=-modcacherw",
      weakens: "any program of the user may then change what is built",
    },
    { text: "Or keep GOMODCACHE out of the workspace" },
  ];
}
