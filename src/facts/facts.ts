// Everything that was read from the machine, as plain values. host/ fills it; rules only look at it.
import type { Verdict } from "../permission/decision.ts";
import type { Entry } from "../permission/entry.ts";
import type { Mount } from "../permission/mount.ts";
import type { Subject } from "../permission/subject.ts";
import type { KernelSettings } from "../permission/world.ts";
import type { Host, Subordinates } from "./host.ts";

/** Something that was looked for: its value, or why it could not be seen. */
export type Looked<T> = { readonly value: T } | { readonly unseen: string };

/** Whether the subject may do something, and if not, which path component refuses and why. */
export interface Outcome {
  readonly verdict: Verdict;
  /** The component that decides, when the verdict is not yes. */
  readonly at?: string;
  readonly because?: string;
}

export interface GoVersion {
  readonly major: number;
  readonly minor: number;
  /** As go prints it: `go1.26.8`. */
  readonly text: string;
}

export interface GoFacts {
  /** The go program; absent if none was found on PATH or in the common places. */
  readonly program?: string;
  readonly version?: GoVersion;
  /** `go env`, or Go's documented defaults when go could not be asked. */
  readonly env: Readonly<Record<string, string>>;
  readonly source: "go env" | "defaults";
  /** Why go could not be asked, although it is there. */
  readonly problem?: string;
}

/** Free space as statfs(2) tells an unprivileged user. */
export interface Space {
  readonly freeBytes: number;
  readonly totalBytes: number;
  readonly freeInodes: number;
  /** 0 on file systems without a fixed number of inodes. */
  readonly totalInodes: number;
}

export type CacheState =
  | "directory"
  | "missing"
  | "not-a-directory"
  | "relative"
  | "dangling-link"
  | "unset"
  | "unseen";

export interface CacheFacts {
  /** GOMODCACHE as it was given or as go says it. */
  readonly path: string;
  /** The same without symbolic links, when it exists. */
  readonly realPath: string;
  readonly origin: "--cache-dir" | "GOMODCACHE" | "go env" | "default";
  readonly state: CacheState;
  /** The reason, when state is `unseen`. */
  readonly unseen?: string;
  readonly entry?: Entry;
  readonly mount?: Mount;
  readonly space?: Space;
  /** Whether the subject may make the directory, when it is missing. */
  readonly creatable?: Outcome;
  /** Whether the subject may make something in GOMODCACHE and in cache/download. */
  readonly writable?: Outcome;
  /** The innermost directory above the cache that holds `.git`. */
  readonly workTree?: string;
}

/** Another directory that a build touches. */
export interface Place {
  readonly name: "GOCACHE" | "GOTMPDIR" | "TMPDIR" | "GOROOT" | "HOME" | "GOPATH/pkg/sumdb" | "GOENV";
  readonly path: string;
  readonly entry?: Entry | "absent";
  readonly mount?: Mount;
  readonly space?: Space;
  /** Whether the subject may create files in it (making it first, if it is missing). */
  readonly writable: Outcome;
  readonly readable: Outcome;
}

export interface SubjectFacts {
  readonly subject: Subject;
  readonly name?: string;
  /** From the user database; absent for a UID without an entry. */
  readonly home?: string;
  /** True if the subject is the user who runs this program. */
  readonly self: boolean;
}

/** A distribution of WSL. */
export interface WslFacts {
  readonly generation: 1 | 2;
  /** The text of /etc/wsl.conf, empty if there is none: each byte that is not UTF-8 as a lone surrogate. */
  readonly conf: Looked<string>;
  /** The text of /etc/fstab, empty if there is none. */
  readonly fstab: Looked<string>;
  /** The directory of the go.mod or go.work at or above the one that is asked about, if it is on a Windows drive. */
  readonly workTree?: { readonly path: string; readonly mount: Mount };
}

export interface RunningGo {
  readonly pid: number;
  readonly uid: number;
  readonly command: string;
}

export interface Facts {
  readonly platform: string;
  /** When the machine was looked at, in milliseconds since 1970; absent if entries' ages do not matter. */
  readonly now?: number;
  /** For whom the question is asked. */
  readonly subject: SubjectFacts;
  /** Who runs this program. */
  readonly self: Subject;
  /** Who called sudo. */
  readonly sudo?: { readonly uid: number; readonly gid: number; readonly user: string };
  /** The variables of this process that Go or the rules look at, only those that are set. */
  readonly environment: Readonly<Record<string, string>>;
  readonly go: GoFacts;
  readonly cache: CacheFacts;
  readonly places: readonly Place[];
  readonly mounts: Looked<readonly Mount[]>;
  readonly kernel: KernelSettings;
  /** A security module that could refuse what modes and ACLs grant, with the reason why it may decide. */
  readonly securityModule?: string;
  /** `docker`, `podman`, `kubernetes`, `lxc`, … */
  readonly container?: string;
  /** Only in a distribution of WSL itself, not in a container on it. */
  readonly wsl?: WslFacts;
  /** `GitHub Actions`, `GitLab CI`, … */
  readonly ci?: string;
  /** What kinds of host this is; several at once are usual. Absent if nobody looked. */
  readonly hosts?: readonly Host[];
  /** Whose rootless containers have which UIDs; empty inside of such a container. */
  readonly subordinates?: readonly Subordinates[];
  /** Absent where there is no /proc. */
  readonly runningGo: Looked<readonly RunningGo[]>;
  /** Whether ACLs were read, and if not, why. */
  readonly acls: Looked<true>;
  /** On macOS: programs of go that bear com.apple.quarantine; absent if there are none. */
  readonly quarantined?: readonly string[];
  /** Names of users and groups that occur, for reports. */
  readonly userNames: ReadonlyMap<number, string>;
  readonly groupNames: ReadonlyMap<number, string>;
  /** True if only the modules of one project are looked at. */
  readonly project?: { readonly directory: string; readonly modules: number; readonly complete: boolean };
}
