// Parts of pod specifications that several targets share.
import { umaskOfContract } from "../contract/contract.ts";
import { quoted, type Settings, type Target } from "./target.ts";

export const workspace = "/workspace";

/** What targets have in common whose containers are one user with an image and a cache of theirs. */
export const ofOneUser = {
  cacheDir: "/go/pkg/mod",
  takes: ["uid", "gid", "cacheDir", "goVersion", "image"],
} as const satisfies Partial<Target>;

/** The user of all containers, in a security context. */
export function runAs({ uid, gid }: Settings): string[] {
  return [`runAsUser: ${uid}`, `runAsGroup: ${gid}`, "runAsNonRoot: true"];
}

/** That of a pod, which also has the runtime's filter of system calls. */
export function podRunAs(settings: Settings): string[] {
  return [...runAs(settings), "seccompProfile:", "  type: RuntimeDefault"];
}

/** Three octal digits, as a shell takes them. */
export function umaskText({ contract }: Settings): string {
  return umaskOfContract(contract).toString(8).padStart(3, "0");
}

/** Environment of a container that runs go with a root file system that it cannot write. */
export function goEnvironment({ cacheDir }: Settings): string[] {
  return [
    "env:",
    "  - name: GOMODCACHE",
    `    value: ${quoted(cacheDir)}`,
    "  # A UID without an entry in /etc/passwd has HOME=/, where it cannot write.",
    "  - name: HOME",
    "    value: /tmp",
    "  - name: GOCACHE",
    "    value: /tmp/go-build",
    "  # go keeps what it knows of the checksum database in GOPATH/pkg/sumdb.",
    "  - name: GOPATH",
    "    value: /tmp/go",
  ];
}

/** Where such a container may write. */
export function goMounts({ cacheDir }: Settings, readOnlyCache = false): string[] {
  return [
    "volumeMounts:",
    "  - name: gomodcache",
    `    mountPath: ${quoted(cacheDir)}`,
    ...(readOnlyCache
      ? ["    # This user reads. What is missing must be added by the writer.", "    readOnly: true"]
      : []),
    "  - name: tmp",
    "    mountPath: /tmp",
    "  - name: workspace",
    `    mountPath: ${workspace}`,
  ];
}

export function volumes(): string[] {
  return [
    "volumes:",
    "  # An emptyDir is 0777 and empty: every user can write at its top, and nothing in it is another user's yet.",
    "  - name: gomodcache",
    "    emptyDir: {}",
    "  - name: tmp",
    "    emptyDir: {}",
    "  # Exchange this for what holds your sources.",
    "  - name: workspace",
    "    emptyDir: {}",
  ];
}

/** What a container that runs go may do. */
export function containerSecurity(): string[] {
  return [
    "  allowPrivilegeEscalation: false",
    "  # Possible because all that go writes is on the volumes below.",
    "  readOnlyRootFilesystem: true",
    "  capabilities:",
    "    drop: [ALL]",
  ];
}

/**
 * The command that gives a directory to a user, as a JSON array: with gomodcache if there is an image with it, else with find and
 * chown of a POSIX shell's image. The path is an argument, so that nothing in it is shell code.
 */
export function handOver(settings: Settings, dir: string): { readonly image: string; readonly command: string } {
  const { uid, gid, contract, initImage } = settings;
  if (initImage !== undefined) {
    const group = contract === "group" ? ["--group", String(gid)] : [];
    const owner = ["--owner", `${uid}:${gid}`, "--contract", contract, ...group];
    // A journal for undo would be gone with the container.
    const words = ["gomodcache-init", "--cache-dir", dir, ...owner, "--no-undo"];
    return { image: initImage, command: JSON.stringify(words) };
  }
  const mode = contract === "group" ? "2775" : "0755";
  // -h: links themselves are given away, not what they lead to. The modes below the top stay: the owner's bits are go's own.
  const script = `find "$1" -xdev -exec chown -h ${uid}:${gid} {} + && chmod ${mode} "$1"`;
  return { image: "busybox:1.37", command: JSON.stringify(["sh", "-c", script, "sh", dir]) };
}
