// Remedies that several subjects share.
import type { Remedy } from "../cause.ts";

export const diagnose: Remedy = {
  text: "Let doctor name the owner, the mode and the component that decides",
  command: "gomodcache doctor",
};
export const ownModcache: Remedy = {
  text: "Or give this user a module cache of their own",
  command: 'export GOMODCACHE="$HOME/.cache/gomod"',
};
export const chownModcache: Remedy = {
  text: "Give a cache that is nobody else's back to its user; for a shared one see gomodcache init --contract group",
  command: 'sudo chown -R "$(id -u):$(id -g)" "$(go env GOMODCACHE)"',
};
export const chownGocache: Remedy = {
  text: "Give the build cache back to its user",
  command: 'sudo chown -R "$(id -u):$(id -g)" "$(go env GOCACHE)"',
};
export const ownGocache: Remedy = {
  text: "Or use a build cache that this user may write",
  command: 'export GOCACHE="${TMPDIR:-/tmp}/gocache-$(id -u)"',
};
export const freshGocache: Remedy = {
  text: "Prove it with a fresh build cache: if this passes, the old one is to blame",
  command: "GOCACHE=$(mktemp -d) go build ./...",
};
export const freshModcache: Remedy = {
  text: "Prove it with a fresh module cache: if this passes, the old one is to blame",
  command: "GOMODCACHE=$(mktemp -d) go mod download",
};
export const removeBroken: Remedy = {
  text: "Remove what is broken, and only that, so that go fetches it again",
  command: "gomodcache fix --verify",
};
export const space: Remedy = {
  text: "See which file system is full: of blocks, or of inodes",
  command:
    'df -h "$(go env GOMODCACHE)" "$(go env GOCACHE)" "${TMPDIR:-/tmp}"; df -i "$(go env GOMODCACHE)" "$(go env GOCACHE)"',
};
export const otherTmp: Remedy = {
  text: "Let go work in a directory on a file system with room, where programs may run",
  command: 'mkdir -p "$HOME/.cache/gotmp" && export GOTMPDIR="$HOME/.cache/gotmp"',
};
export const tidy: Remedy = {
  text: "Bring go.mod and go.sum up to date, and commit both",
  command: "go mod tidy && git add go.mod go.sum",
};
export const again: Remedy = { text: "Try again: this often passes by itself" };
export const goprivate: Remedy = {
  text: "Tell go that the module is private, so that no public server is asked; a wider pattern such as HOST/ORG/* does for all of them",
  command: "go env -w GOPRIVATE={module}",
};
export const tellOperator: Remedy = {
  text: "Tell whoever runs that server; the disk and the settings of this machine have nothing to do with it",
};
export const fromProxy: Remedy = {
  text: "Or fetch through a module proxy, which needs no version control here",
  command: "go env GOPROXY GOPRIVATE GONOPROXY",
};
export const localToolchain: Remedy = {
  text: "Use the Go that is installed, if it is new enough, in place of fetching one",
  command: "export GOTOOLCHAIN=local",
};

/** To be said before a command that names another place. */
export const mountWritable =
  "Mount a writable volume there, or point the variable at one: no chown or chmod helps against a read-only mount";
