// Where go keeps things: unset, relative, somebody else's, or no directory.
import type { Rule } from "../rule.ts";
import { env, unset } from "./config-remedies.ts";
import { ownGocache, ownModcache } from "./remedies.ts";

const home = {
  text: "Give the job a HOME, or name the directories",
  command: "export HOME=/tmp GOCACHE=/tmp/gocache GOMODCACHE=/tmp/gomodcache",
};
const absolute = "Write an absolute path";

export const cachePlaces: readonly Rule[] = [
  {
    subcategory: "gomodcache-unset",
    says: /neither GOMODCACHE nor GOPATH is set|module cache not found/,
    message: "go knows no module cache: neither GOMODCACHE nor GOPATH nor HOME is set",
    remedies: [home, ownModcache],
  },
  {
    subcategory: "gocache-home-unset",
    says: /GOCACHE is not defined and|build cache is required, but could not be located/,
    message: "go knows no build cache: neither GOCACHE nor HOME is set",
    remedies: [home, ownGocache],
  },
  {
    subcategory: "gocache-off",
    says: /GOCACHE=off/,
    unless: /^GOCACHE=off /,
    message: "GOCACHE=off is set, which Go since 1.12 does not take",
    near: "symptom",
    remedies: [{ text: "Use the default again", command: "unset GOCACHE; go env -u GOCACHE" }],
  },
  {
    subcategory: "gocache-relative",
    says: /GOCACHE is not an absolute path|GOCACHE.*relative/,
    message: "GOCACHE is no absolute path",
    remedies: [{ text: absolute, command: 'export GOCACHE="$PWD/.gocache"' }, unset("GOCACHE")],
  },
  {
    subcategory: "gomodcache-relative",
    says: /GOMODCACHE entry is relative/,
    message: "GOMODCACHE is no absolute path",
    remedies: [{ text: absolute, command: 'export GOMODCACHE="$PWD/.gomodcache"' }, unset("GOMODCACHE")],
  },
  {
    subcategory: "gopath-relative",
    says: /GOPATH entry is relative/,
    message: "GOPATH is no absolute path",
    remedies: [{ text: absolute, command: 'export GOPATH="$PWD/.gopath"' }, unset("GOPATH")],
  },
  {
    subcategory: "gopath-tilde",
    says: /cannot start with shell metacharacter/,
    message: "A ~ in a variable is no home directory for go: no shell has replaced it",
    remedies: [{ text: "Write the home directory", command: 'export GOPATH="$HOME/go"' }],
  },
  {
    subcategory: "gopath-is-goroot",
    says: /GOPATH (?:set to|is) GOROOT|both GOPATH and GOROOT are the same/i,
    near: "warning",
    message: "GOPATH and GOROOT are the same directory",
    remedies: [{ text: "Use the default GOPATH", command: "unset GOROOT GOPATH; go env -u GOPATH" }],
  },
  {
    subcategory: "gocache-home-wrong",
    says: /(?:initialize|initializing|disabling)\b.*\bcache\b/,
    errno: ["EROFS", "EACCES", "EPERM"],
    path: /^\/(?:root|Users\/[^/]+|Users|home)$/,
    holds: ({ said, failure }) =>
      failure?.errno === "EROFS" || /Library\/Caches/.test(said) || failure?.path !== "/root",
    message: "HOME is that of another user or machine: {path} cannot be made here",
    remedies: [
      {
        text: "Give go the HOME of the user who runs it",
        command: 'export HOME="$(getent passwd "$(id -u)" | cut -d: -f6)"',
      },
      ownGocache,
    ],
  },
  {
    subcategory: "gopath-other-user",
    errno: ["EACCES", "EPERM", "EROFS"],
    operation: /^mkdir/,
    path: /^\/(?:home|Users)\/[^/]+$/,
    message: "GOPATH or HOME is in the home directory of another user: {path}",
    remedies: [{ text: "Use a GOPATH of the user", command: 'export GOPATH="$HOME/go"' }, env("GOPATH GOMODCACHE")],
  },
  {
    subcategory: "gomodcache-not-directory",
    says: /could not create module cache: .*(?:is not a directory|not a directory)|module cache .* not a directory|GOMODCACHE.*not a directory/,
    message: "The path of the module cache, or one above it, is a file",
    remedies: [env("GOMODCACHE"), ownModcache],
  },
  {
    subcategory: "gomodcache-symlink-loop",
    errno: ["ELOOP"],
    message: "The path {path} is a link that leads back to itself",
    remedies: [{ text: "Follow it", command: "namei -l {path}" }],
  },
  {
    subcategory: "gomodcache-dangling-symlink",
    errno: ["EEXIST"],
    says: /could not create module cache|failed to create cache directory|initialize build cache|mkdir (?:\/\S+|[A-Z]:\S+): file exists$/i,
    spoken: "go",
    message: "The cache is a link to what does not exist, as a volume that is not mounted: {path}",
    remedies: [
      { text: "See where it leads", command: "namei -l {path}" },
      { text: "Mount the volume, or remove the link" },
    ],
  },
  {
    subcategory: "tmpdir-missing",
    says: /creating work dir: (?:stat|mkdir)|mkdir \S*go-build\d+|GetTempPath|TMPDIR/,
    errno: ["ENOENT", "ENOTDIR"],
    message: "The directory for temporary files does not exist: TMPDIR or GOTMPDIR names it",
    remedies: [
      { text: "See which, and make it", command: 'go env GOTMPDIR; echo "$TMPDIR"; mkdir -p "${TMPDIR:-/tmp}"' },
    ],
  },
];
