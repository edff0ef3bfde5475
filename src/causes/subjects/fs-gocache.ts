// Permission, ownership and read-only file systems: the build cache.
import { inHome } from "../place.ts";
import type { Rule } from "../rule.ts";
import { chownGocache, diagnose, mountWritable, ownGocache } from "./remedies.ts";

const denied = ["EACCES", "DENIED"] as const;
const cacheInit = /(?:initialize|initializing|disabling)\b.*\bcache\b/;

export const gocacheRules: readonly Rule[] = [
  {
    subcategory: "gocache-home-root-slash",
    says: cacheInit,
    errno: ["EACCES", "EROFS"],
    path: /^\/\.cache/,
    message: "go keeps its build cache in /.cache, as the user has no home directory: HOME is /",
    remedies: [
      {
        text: "Name directories that the user may write",
        command: "export HOME=/tmp GOCACHE=/tmp/gocache GOMODCACHE=/tmp/gomodcache",
      },
      { text: "In a container, give the user an entry in /etc/passwd, or set HOME in the image" },
    ],
  },
  {
    subcategory: "gocache-sandbox-home",
    says: cacheInit,
    errno: ["EACCES", "EROFS", "ENOENT", "EPERM"],
    path: /^\/(?:homeless-shelter|nonexistent|sandbox|build\/homeless)|\/(?:sandbox|execroot)\//,
    message: "HOME is a directory that the sandbox does not have, so go cannot make its build cache there",
    remedies: [{ text: "Name a build cache in the sandbox", command: 'export GOCACHE="$TMPDIR/gocache"' }],
  },
  {
    subcategory: "readonly-fs-gocache",
    errno: ["EROFS"],
    holds: ({ said, failure }) => cacheInit.test(said) || failure?.place === "gocache",
    message:
      "The build cache {path} is on a read-only file system, and go has to write it even if everything is cached",
    remedies: [{ text: mountWritable, command: "export GOCACHE=/tmp/gocache" }],
  },
  {
    subcategory: "cache-mount-root-owned",
    says: /disabling cache.*\/[0-9a-f]{2}: |initialize build cache.*\/[0-9a-f]{2}: /,
    errno: denied,
    path: /^\/home\/(?:nobody|nonroot|app)\//,
    message: "The build cache exists and belongs to another user, as a cache mount of BuildKit does to root",
    remedies: [
      {
        text: "Give the mount the ids of the image's user",
        command: "RUN --mount=type=cache,target=/home/app/.cache/go-build,uid=1000,gid=1000 go build ./...",
      },
      ownGocache,
    ],
  },
  {
    subcategory: "gocache-not-owned-by-uid",
    says: cacheInit,
    errno: denied,
    path: /[/\\][0-9a-f]{2}$/,
    message: "The build cache exists and belongs to another user: {path} cannot be made in it",
    remedies: [chownGocache, ownGocache, diagnose],
  },
  {
    subcategory: "gocache-home-unwritable",
    says: cacheInit,
    errno: [...denied, "EPERM"],
    message: "The build cache cannot be made: the user may not write the directory above {path}",
    remedies: [ownGocache, { text: "Or set HOME to a directory of the user" }, diagnose],
  },
  {
    subcategory: "gocache-root-owned",
    errno: denied,
    place: ["gocache"],
    operation: /open|rename|write/,
    holds: ({ failure }) => inHome(failure?.path ?? "") && /[/\\]go-build[/\\]/.test(failure?.path ?? ""),
    likely: true,
    message: "Entries of the build cache in the user's own home belong to another user, as after sudo go",
    remedies: [chownGocache, ownGocache, diagnose],
  },
  {
    subcategory: "gocache-not-owned-by-uid",
    errno: denied,
    place: ["gocache"],
    message: "The build cache has entries of another user: {path} cannot be used",
    remedies: [chownGocache, ownGocache, diagnose],
  },
];
