// Locks that a file system does not have, locks that were left behind, and processes that get into each other's way.
import type { Rule, Subject } from "../rule.ts";
import { again } from "./remedies.ts";

const localDisk = {
  text: "Move the named file to a file system with flock: caches to a local disk",
  command: "export GOMODCACHE=/var/tmp/gomodcache-$(id -u) GOCACHE=/var/tmp/gocache-$(id -u)",
};
const ownGocache = { text: "Give each job a build cache of its own", command: "export GOCACHE=$(mktemp -d)" };
const excludeScanner = {
  text: "Leave GOMODCACHE, GOCACHE and %TEMP%\\go-build* out of the virus scanner's and the indexer's watch",
};

const rules: readonly Rule[] = [
  {
    subcategory: "nfs-no-locks",
    errno: ["ENOLCK"],
    message:
      "The file system of {path} has no locks, as NFS without its lock daemon: nobody holds one, and waiting does not help",
    remedies: [localDisk, { text: "Or mount with NFSv4, or start rpc.statd on both sides" }],
  },
  {
    subcategory: "lock-enosys",
    says: /\bR?Lock /,
    errno: ["ENOSYS"],
    unless: /Incorrect function/i,
    message: "The file system of {path} has no locks, as FUSE and Android's shared storage",
    remedies: [localDisk],
  },
  {
    subcategory: "lock-einval-9p",
    says: /\bR?Lock .*(?:invalid argument|Incorrect function)/i,
    message: "The file system of {path} has no locks, as network drives on Windows and 9P in WSL",
    remedies: [{ ...localDisk, text: "Move the project or the cache to a local drive, in WSL out of /mnt" }],
  },
  {
    subcategory: "lock-enotsup",
    says: /\bR?Lock /,
    errno: ["ENOTSUP"],
    message: "The file system of {path} does not support locks, as SMB and some FUSE mounts",
    remedies: [localDisk],
  },
  {
    subcategory: "lock-edeadlk",
    errno: ["EDEADLK"],
    holds: ({ said, speaker }) => speaker === "go" || /\bR?Lock /.test(said),
    message:
      "The kernel takes two locks of go for a deadlock, as it counts them by process: on AIX and illumos, and on some network mounts",
    disposition: "retry",
    remedies: [again, { text: "Do one thing at a time", command: "go build -p 1 ./..." }, localDisk],
  },
  {
    subcategory: "lock-inode-changed",
    says: /inode for file changed since last R?Lock/,
    message: "Something replaced {path} while go had it locked",
    disposition: "retry",
    remedies: [again, { text: "Stop what edits or syncs the project while go runs" }, localDisk],
  },
  {
    subcategory: "lock-interrupted",
    says: /\bR?Lock .*interrupted system call/,
    message: "A signal cut the wait for the lock of {path} short",
    disposition: "retry",
    remedies: [again, localDisk],
  },
  {
    subcategory: "gomod-changed-underfoot",
    says: /existing contents have changed since last read/,
    message: "Two go commands, or go and an editor, changed the same go.mod at once",
    disposition: "retry",
    remedies: [
      again,
      { text: "Bring go.mod up to date once, before anything runs in parallel", command: "go mod tidy" },
    ],
  },
  {
    subcategory: "git-stale-lock",
    says: /[/\\]cache[/\\]vcs[/\\][0-9a-f]+[/\\][\w./-]*\.lock['’"»”]?/,
    unless: /WorkDir|permission denied|no locks available/i,
    message: "A git that was killed left its lock behind in the module cache",
    remedies: [
      { text: "See that no git or go runs any more", command: "pgrep -a 'git|go'" },
      {
        text: "Then remove what it left: git's locks, not go's own beside the repositories",
        command: `find "$(go env GOMODCACHE)/cache/vcs" -mindepth 2 -name '*.lock' -mmin +10 -print -delete`,
      },
    ],
  },
  {
    subcategory: "concurrent-vcs-init",
    says: /cannot copy .*[/\\]hooks[/\\]|could not lock config file|cannot mkdir .*[/\\]vcs[/\\]/,
    around: /cache[/\\]vcs|git init/,
    message: "Two go commands made the same repository in the module cache at once, as Go 1.11 does",
    disposition: "retry",
    remedies: [
      again,
      { text: "Fetch once before parallel builds", command: "go mod download" },
      { text: "Use a newer Go" },
    ],
  },
  {
    subcategory: "concurrent-modcache-init",
    says: /mkdir \S*[/\\]cache[/\\](?:vcs|download)\S*: (?:no such file|file exists)|rename \S*[/\\]cache[/\\]download\S* .*no such file/i,
    message: "Two go commands made the module cache at once, or it was removed while go ran",
    disposition: "retry",
    remedies: [again, { text: "Fetch once before parallel builds", command: "go mod download" }],
  },
  {
    subcategory: "concurrent-gocache-list",
    says: /failed to cache compiled Go files|reading \S+ from (?:build )?cache|cache entry not found/,
    message: "Entries of the build cache vanished while go used them",
    disposition: "retry",
    remedies: [again, ownGocache],
  },
  {
    subcategory: "cache-cleaned-during-build",
    says: /DO NOT USE - main build pseudo-cache built|can't open import: .*-d: (?:no such file|The system cannot)|cannot open file \S*-d: (?:no such file|The system cannot)|(?:open|stat) \S*[/\\][0-9a-f]{2}[/\\](?:[0-9a-f]{64}|\.{3})-[ad]: (?:no such file|The system cannot)|go-build[/\\]\S*-[ad]: (?:no such file|The system cannot)/i,
    message:
      "Something emptied the build cache while go built: go clean -cache of another job, or a cleaner of old files",
    disposition: "retry",
    remedies: [
      {
        text: "Find who cleans: processes, cron, tmpreaper",
        command: "pgrep -af 'go clean|tmpreaper|tmpwatch|systemd-tmpfiles'",
      },
      ownGocache,
      again,
    ],
  },
  {
    subcategory: "output-busy-running",
    errno: ["ETXTBSY"],
    holds: ({ failure }) => failure?.operation !== "fork/exec",
    message: "The program that was to be replaced is running: {path}",
    remedies: [{ text: "Stop it, or build to another name", command: "fuser -v {path}" }],
  },
  {
    subcategory: "text-file-busy-race",
    errno: ["ETXTBSY"],
    message:
      "A program was started while another process still had it open for writing, as in parallel tests (golang/go#22315)",
    disposition: "retry",
    remedies: [again],
  },
  {
    subcategory: "output-busy-running",
    errno: ["SHARING"],
    operation: /open|copying|create|remove|unlink|rename/,
    path: /\.exe$/i,
    holds: ({ failure }) => failure?.place !== "work" && failure?.place !== "goroot",
    message: "The program that was to be replaced is running: {path}",
    remedies: [{ text: "Stop it, or build to another name with -o" }],
  },
  {
    subcategory: "windows-sharing-violation",
    errno: ["SHARING"],
    holds: ({ speaker, failure }) => speaker === "go" || (failure?.place ?? "other") !== "other",
    message: "Another program has the file open, most often a virus scanner or an indexer: {path}",
    disposition: "retry",
    remedies: [again, excludeScanner],
  },
  {
    subcategory: "windows-sharing-violation",
    errno: ["DENIED"],
    operation: /^(?:rename|unlink|remove)/,
    says: /pkg[/\\]mod|\.tmp-?\d|go-build/,
    message:
      "A file of the cache cannot be moved, as another program has it open: most often a virus scanner or an indexer",
    disposition: "retry",
    remedies: [again, excludeScanner, { text: "Go since 1.16 does not rename what it unpacks", command: "go version" }],
  },
];

export const lock: Subject = {
  category: "lock",
  coarse: "fs",
  disposition: "fix-environment",
  words: [
    "lock ",
    ".lock",
    "no locks available",
    "resource deadlock",
    "inode for file changed",
    "existing contents have changed",
    "hooks",
    "could not lock",
    "cannot mkdir",
    "cache/vcs",
    "cache/download",
    "failed to cache compiled",
    "cache entry not found",
    "pseudo-cache",
    "-d: ",
    "-a: ",
    "text file busy",
    "used by another process",
    "access is denied",
  ],
  rules,
};
