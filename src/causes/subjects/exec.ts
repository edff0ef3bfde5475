// Programs that cannot be started, and limits that end them. No cache is to blame, and cleaning one does not help.
import type { Rule, Subject } from "../rule.ts";
import { otherTmp } from "./remedies.ts";

const less = {
  text: "Let fewer compilers run at a time, or give the container more memory",
  command: "go build -p 1 ./...",
};

const rules: readonly Rule[] = [
  {
    subcategory: "toolchain-not-executable",
    errno: ["EACCES", "EPERM"],
    says: /fork\/exec/,
    holds: ({ failure }) =>
      failure?.place === "goroot" ||
      failure?.place === "toolchain" ||
      /[/\\](?:tool|bin)[/\\]/.test(failure?.path ?? ""),
    message:
      "A tool of Go may not be executed: {path} has lost its mode in a copy, or is on a file system mounted noexec",
    remedies: [
      { text: "See its mode and its mount", command: "ls -l {path}; findmnt -T {path} -o TARGET,OPTIONS" },
      { text: "Install Go again, from the archive" },
    ],
  },
  {
    subcategory: "toolchain-not-executable",
    says: /sh: (?:\d+: |line \d+: )?\S*\/go: permission denied/i,
    message:
      "The go command may not be executed: it has lost its mode in a copy, or is on a file system mounted noexec",
    remedies: [{ text: "Install Go again, from the archive" }],
  },
  {
    subcategory: "noexec-tmp",
    errno: ["EACCES", "EPERM"],
    says: /fork\/exec/,
    message: "What go has built cannot be started where it stands: the file system is mounted noexec",
    remedies: [otherTmp, { text: "See the mount", command: 'findmnt -T "${TMPDIR:-/tmp}" -o TARGET,OPTIONS' }],
  },
  {
    subcategory: "bad-cpu-type",
    errno: ["EBADARCH"],
    message: "The installed Go is for another processor than this Mac has",
    remedies: [{ text: "Install the one for this processor", command: "uname -m; file {path}" }],
  },
  {
    subcategory: "exec-format-error",
    errno: ["ENOEXEC"],
    holds: ({ speaker, said }) => speaker === "go" || /fork\/exec/.test(said),
    message: "A program is for another system or processor: GOOS or GOARCH is set while go runs what it has built",
    remedies: [
      { text: "Unset them for go run, go test and go generate", command: "env -u GOOS -u GOARCH go generate ./..." },
      { text: "See what they are, and what the program is", command: "go env GOOS GOARCH; file {path}" },
    ],
  },
  {
    subcategory: "cgo-compiler-missing",
    says: /exec: "(?:\S*gcc|\S*g\+\+|\S*clang(?:\+\+)?|cc|c\+\+|\S*-ld)(?:\.exe)?": executable file not found|cgo: (?:C compiler|exec) .*(?:not found|no such file)|C compiler "[^"]*" not found|gcc: (?:command )?not found|cgo: exec /i,
    unless: /generate|running "mock/,
    message: "cgo needs a C compiler, and there is none here",
    remedies: [
      { text: "Build without cgo, if no package needs it", command: "CGO_ENABLED=0 go build ./..." },
      { text: "Or install one", command: "apk add gcc musl-dev || apt-get install -y gcc libc6-dev" },
    ],
  },
  {
    subcategory: "oom-killed",
    says: /(?:(?:^|[/\\\s])(?:compile|link|asm|cgo|vet|cc1|gcc|ld)(?:\.exe)?|go (?:build|run|test|install|vet)(?: -\S+)* \S+|running \S+ failed): (?:exit status \d+: )?signal: killed|collect2: fatal error: ld terminated with signal 9/,
    message: "The kernel killed a compiler or linker, as the memory was used up",
    remedies: [less, { text: "See what was killed", command: "dmesg | grep -i 'killed process'" }],
  },
  {
    subcategory: "nproc-limit",
    says: /pthread_create failed|fork\/exec .*(?:resource temporarily unavailable)|newosproc|failed to create new OS thread|can't start new thread/i,
    message: "No further process or thread may be started: a limit of the user or the container",
    remedies: [{ text: "See the limit, and lift it", command: "ulimit -u; cat /sys/fs/cgroup/pids.max" }, less],
  },
  {
    subcategory: "vmem-limit",
    says: /cannot (?:allocate|reserve) (?:memory|heap|arena|virtual)|failed to (?:reserve|allocate) |out of memory|mmap.*cannot allocate|cannot allocate memory/i,
    holds: ({ speaker, said }, { text }) =>
      speaker === "go" ||
      /fork\/exec|\bgo\b|[/\\](?:compile|link|cgo|asm)\b/.test(said) ||
      /runtime: (?:cannot|failed|out of)/.test(text),
    message: "Memory may not be had: a limit of address space, or of the container",
    remedies: [{ text: "See the limit, and lift it", command: "ulimit -v; cat /sys/fs/cgroup/memory.max" }, less],
  },
  {
    subcategory: "tool-missing",
    says: /exec: "go(?:\.exe)?": executable file not found|(?:^|[\s:])go: (?:command )?not found$|no such tool "|go: no such tool|fork\/exec \S*[/\\]tool[/\\]\S*: no such file|(?:compile|link|asm|cgo|vet|cover)(?:\.exe)?: (?:no such file|The system cannot find)/i,
    message: "The Go installation lacks a tool, or GOROOT or GOTOOLDIR names another one",
    remedies: [
      { text: "See where go looks", command: 'unset GOROOT; go env GOROOT GOTOOLDIR; ls "$(go env GOTOOLDIR)"' },
    ],
  },
  {
    subcategory: "toolchain-binary-broken",
    errno: ["EINVAL", "EIO", "ENOENT"],
    says: /fork\/exec \S*(?:[/\\]tool[/\\]|[/\\]go(?:\.exe)?: |toolchain@)|obtaining buildID/,
    message: "A tool of Go cannot be started: the file is damaged, for another libc, or the emulator does not run it",
    remedies: [{ text: "See what it is", command: "file {path}" }, { text: "Install Go again, from the archive" }],
  },
  {
    subcategory: "toolchain-binary-broken",
    says: /(?:[/\\]tool[/\\]\S+|\b(?:compile|link|asm|cgo)): (?:exit status \d+: )?signal: (?:segmentation fault|bus error|illegal instruction|trace)|qemu: uncaught target signal|qemu-\S+: Could not open|internal compiler error/i,
    unless: /signal: killed/,
    message: "A tool of Go crashes: the emulator does not run it, or the file is damaged",
    remedies: [
      {
        text: "Build on the machine's own processor, and let go cross-compile",
        command: "GOARCH=arm64 go build ./...",
      },
    ],
  },
];

export const exec: Subject = {
  category: "exec",
  disposition: "fix-environment",
  words: [
    "fork/exec",
    "bad cpu type",
    "exec format error",
    "valid win32",
    "executable file not found",
    "c compiler",
    "gcc",
    "cgo: ",
    "signal: ",
    "signal 9",
    "pthread_create",
    "newosproc",
    "os thread",
    "new thread",
    "cannot allocate",
    "cannot reserve",
    "failed to reserve",
    "failed to allocate",
    "out of memory",
    "no such tool",
    "go: not found",
    "go: command not found",
    "/go: permission denied",
    ": no such file",
    "cannot find",
    "buildid",
    "qemu",
    "internal compiler error",
  ],
  rules,
};
