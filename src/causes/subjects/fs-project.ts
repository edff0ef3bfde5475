// Permission, ownership and read-only file systems: GOROOT, the work tree, what is built, temporary files.
import type { Rule } from "../rule.ts";
import { diagnose, otherTmp } from "./remedies.ts";

const denied = ["EACCES", "DENIED"] as const;

const first: readonly Rule[] = [
  {
    subcategory: "nfs-stale-handle",
    errno: ["ESTALE"],
    message: "The file server no longer knows {path}: it was removed or the export has changed",
    disposition: "fix-environment",
    remedies: [
      { text: "Mount the file system again" },
      {
        text: "Keep the caches on a local disk",
        command: "export GOMODCACHE=/var/tmp/gomodcache-$(id -u) GOCACHE=/var/tmp/gocache-$(id -u)",
      },
    ],
  },
  {
    subcategory: "macos-tcc-eperm",
    errno: ["EPERM"],
    path: /^\/Users\/[^/]+\/(?:Documents|Desktop|Downloads|Library\/(?:Mobile Documents|CloudStorage)|Pictures)(?:\/|$)|^\/Volumes\//,
    message: "macOS keeps this program out of {path}: it needs the permission to see that folder",
    remedies: [
      { text: "Give the terminal or editor Full Disk Access in System Settings, Privacy & Security" },
      { text: "Or move the project out of Documents, Desktop and iCloud" },
    ],
  },
  {
    subcategory: "immutable-or-acl-eperm",
    errno: ["EPERM"],
    spoken: "go",
    message:
      "The kernel does not permit it whatever the mode says: {path} is immutable or append-only, or a security policy forbids it",
    remedies: [
      { text: "Look for the flags i and a", command: "lsattr -d {path}" },
      { text: "In a container, look at its capabilities and seccomp profile" },
      diagnose,
    ],
  },
];

const last: readonly Rule[] = [
  {
    subcategory: "tmpdir-not-writable",
    errno: denied,
    says: /creating work dir|mkdir \S*go-build-?\d*|mkdirtemp|creating temp/i,
    unless: /fork\/exec/,
    message: "go cannot make its work directory: the user may not write the directory above {path}",
    remedies: [otherTmp, { text: "See where go works", command: 'go env GOTMPDIR; echo "$TMPDIR"' }],
  },
  {
    subcategory: "gopath-root-owned",
    errno: denied,
    says: /^package \S+: |mkdir \S*[/\\]src(?:[/\\]|:)/,
    message: "The user may not write GOPATH/src, where go get puts sources: {path}",
    remedies: [
      { text: "Use a GOPATH of the user", command: 'export GOPATH="$HOME/go"' },
      { text: "Or give it to the user who builds", command: 'sudo chown -R "$(id -u):$(id -g)" "$(go env GOPATH)"' },
    ],
  },
  {
    subcategory: "readonly-fs-gomod",
    errno: ["EROFS"],
    place: ["gomod"],
    message: "go has to write {path}, and the project is on a read-only file system",
    disposition: "fix-repository",
    remedies: [
      { text: "Commit a complete go.mod and go.sum, so that go need not write", command: "go mod tidy" },
      { text: "Or let the bind mount be written", command: "RUN --mount=type=bind,target=.,rw go mod download" },
    ],
  },
  {
    subcategory: "gomod-not-writable",
    errno: denied,
    place: ["gomod"],
    says: /updating |writing |create|rename|\.tmp/,
    message: "go has to write {path} and may not: the project belongs to another user",
    remedies: [
      { text: "Give the work tree to the user who builds", command: 'sudo chown -R "$(id -u):$(id -g)" .' },
      { text: "Or commit a complete go.mod and go.sum, so that go need not write", command: "go mod tidy" },
    ],
  },
  {
    subcategory: "gomod-unreadable",
    errno: denied,
    place: ["gomod"],
    message: "go may not read {path}: the project belongs to another user",
    remedies: [
      { text: "See which directory does not let the user through", command: "gomodcache why {path} --op read" },
      { text: "Give the work tree to the user who builds", command: 'sudo chown -R "$(id -u):$(id -g)" .' },
    ],
  },
  {
    subcategory: "goroot-not-writable",
    errno: [...denied, "EROFS"],
    place: ["goroot"],
    says: /\.a(?:\.\w+)?: |copying|mkdir|create|install/,
    unless: /\.(?:go|s|h): |fork\/exec/,
    message: "go was to install packages of the standard library into GOROOT: {path}",
    remedies: [
      { text: "Use a newer Go, or leave -i out: since Go 1.20 nothing is installed there", command: "go version" },
      { text: "Do not run go as root for it: root's files are the next failure" },
    ],
  },
  {
    subcategory: "goroot-unreadable",
    errno: denied,
    place: ["goroot"],
    unless: /fork\/exec/,
    message: "The user may not read Go's own files: {path}",
    remedies: [
      { text: "Let everybody read the installation", command: 'sudo chmod -R a+rX "$(go env GOROOT)"' },
      { text: "Or install Go again, with a umask of 022" },
    ],
  },
  {
    subcategory: "gobin-not-writable",
    errno: [...denied, "EROFS"],
    place: ["bin"],
    spoken: "go",
    message: "The program is built and cannot be installed: the user may not write {path}",
    remedies: [
      {
        text: "Install into a directory of the user, and put it into PATH",
        command: 'go env -w GOBIN="$HOME/.local/bin"',
      },
      { text: "Do not use sudo go install: it leaves a cache that belongs to root" },
    ],
  },
  {
    subcategory: "gopath-root-owned",
    errno: denied,
    says: /\.git[/\\](?:FETCH_HEAD|index\.lock|config|ORIG_HEAD|objects)/,
    notAround: /--- FAIL/,
    message: "git may not write the repository that go get updates: it belongs to another user, as after sudo go get",
    remedies: [
      {
        text: "Give GOPATH to the user who builds",
        command: 'sudo chown -R "$(id -u):$(id -g)" "$(go env GOPATH)/src"',
      },
    ],
  },
  {
    subcategory: "build-output-denied",
    errno: denied,
    spoken: "go",
    operation: /open|copying|create|rename|write|remove|unlink/,
    holds: ({ said }) =>
      /^(?:\S+: )?go (?:build|test|install|run|get|vet)\b|copying |cannot create |a\.out|link(?:\.exe)?: |-o |\.(?:exe|test|so|a)\b/.test(
        said,
      ),
    message: "What was built cannot be written: {path}",
    remedies: [
      { text: "Write it to a directory of the user", command: 'go build -o "$(mktemp -d)/" ./...' },
      { text: "Or give the work tree to the user who builds", command: 'sudo chown -R "$(id -u):$(id -g)" .' },
    ],
  },
  {
    subcategory: "source-unreadable",
    errno: [...denied, "EPERM"],
    spoken: "go",
    unless: /fork\/exec|dial |connect|publickey/,
    message: "go may not use {path}",
    likely: true,
    remedies: [
      { text: "See which directory does not let the user through", command: "gomodcache why {path}" },
      diagnose,
    ],
  },
  {
    subcategory: "readonly-fs",
    errno: ["EROFS"],
    spoken: "go",
    message: "go has to write {path}, which is on a read-only file system",
    likely: true,
    remedies: [
      {
        text: "Point what go writes at a writable volume",
        command: "export GOMODCACHE=/tmp/gomodcache GOCACHE=/tmp/gocache GOTMPDIR=/tmp",
      },
      {
        text: "If it is no read-only mount, the kernel has found the disk damaged",
        command: "dmesg | grep -i remount",
      },
    ],
  },
];

export const fsProjectRules = { first, last };
