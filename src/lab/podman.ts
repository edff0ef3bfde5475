// Pods of a manifest, really run by podman, on volumes that are made as the kubelet makes them.
import { chmodSync, chownSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { posix } from "node:path";
import { parseDocument, stringify } from "yaml";
import { systemPath } from "../host/system-path.ts";
import { imageEnvironment, makeImageRoot } from "./image.ts";
import { must, type ProgramOptions, type Programs, type Ran } from "./program.ts";

/** A manifest's parts, as far as they are looked at. */
interface Spec {
  securityContext?: { fsGroup?: number; supplementalGroups?: number[]; seccompProfile?: unknown };
  initContainers?: Container[];
  containers: Container[];
  volumes?: Volume[];
}
interface Container {
  name: string;
  imagePullPolicy?: string;
  command?: string[];
  args?: string[];
  volumeMounts?: { name: string; mountPath: string; readOnly?: boolean; subPath?: string }[];
}
interface Volume {
  name: string;
  emptyDir?: { mode?: number };
  [kind: string]: unknown;
}

export interface Played {
  /** In the order in which they ended; those that were not started are absent. */
  readonly containers: readonly { readonly name: string; readonly status: number; readonly output: string }[];
  /** True if all ended with 0. */
  readonly passed: boolean;
  /** What podman said. */
  readonly podman: string;
}

export interface PodmanOptions {
  /** Is deleted by whoever made it; other users must be able to pass through it. */
  readonly directory: string;
  readonly goRoot: string;
  /** The directory of a file:// proxy. */
  readonly proxy: string;
  readonly programs: Programs;
}

const record = "gomodcache-lab-record";
/** Keeps what a container prints, and its status: podman removes init containers with their logs. */
const recorder = '"$@" > "/.lab/$0.out" 2>&1; s=$?; echo "$s" > "/.lab/$0.status"; exit "$s"';

/** podman with storage of its own. */
export class Podman {
  private count = 0;
  private readonly flags: readonly string[];

  constructor(private readonly options: PodmanOptions) {
    const at = (name: string): string => posix.join(options.directory, name);
    this.flags = [
      "--root",
      at("storage"),
      "--runroot",
      at("run"),
      "--tmpdir",
      at("tmp"),
      "--storage-driver",
      "vfs",
      "--runtime",
      "runc",
    ];
    mkdirSync(options.directory, { recursive: true });
    chmodSync(options.directory, 0o711);
    // Where RLIMIT_NOFILE cannot be raised, podman's own defaults fail.
    writeFileSync(
      at("containers.conf"),
      '[containers]\ndefault_ulimits = ["nofile=1024:1024", "nproc=1024:1024"]\n[engine]\ncgroup_manager = "cgroupfs"\nevents_logger = "file"\n',
    );
  }

  /** Makes the image, once for each name. @param names such as docker.io/library/golang:1.25 */
  async makeImage(names: readonly string[]): Promise<void> {
    const root = posix.join(this.options.directory, "image");
    makeImageRoot(root);
    const archive = `${root}.tar`;
    must(await this.tool(["tar", "-C", root, "-cf", archive, "."]));
    const changes = Object.entries(imageEnvironment).flatMap(([name, value]) => ["--change", `ENV ${name}=${value}`]);
    const [first = "", ...more] = names;
    must(await this.podman(["import", ...changes, archive, first]));
    for (const name of more) must(await this.podman(["tag", first, name]));
    for (const path of [root, archive]) rmSync(path, { recursive: true, force: true });
  }

  /** `podman …` */
  podman(words: readonly string[]): Promise<Ran> {
    return this.tool(["podman", ...this.flags, ...words]);
  }

  /**
   * Runs the pod of a manifest to its end. podman 4.3 knows no Job, so a Job's template is run as a Pod; it makes emptyDirs 0755 for
   * the first user, so each is given as a directory that is as the kubelet makes it.
   * @param volumes directories for volumes of any kind, by name
   */
  async play(manifest: string, volumes: Readonly<Record<string, string>> = {}): Promise<Played> {
    this.count += 1;
    const name = `lab${this.count}`;
    const records = this.directory(`${name}.records`, 0o777);
    const spec = specOf(manifest);
    spec.volumes = (spec.volumes ?? []).map((volume) => {
      const path =
        volumes[volume.name] ?? (volume.emptyDir === undefined ? undefined : this.emptyDir(name, volume, spec));
      return path === undefined ? volume : { name: volume.name, hostPath: { path, type: "Directory" } };
    });
    const own = {
      [record]: [records, "/.lab"],
      "lab-go": [this.options.goRoot, "/usr/local/go"],
      "lab-proxy": [this.options.proxy, "/proxy"],
    } as const;
    for (const [volume, [path]] of Object.entries(own))
      spec.volumes.push({ name: volume, hostPath: { path, type: "Directory" } });
    for (const container of [...(spec.initContainers ?? []), ...spec.containers]) {
      const words = [...(container.command ?? []), ...(container.args ?? [])];
      container.command = ["/bin/sh", "-c", recorder, container.name, ...words];
      delete container.args;
      container.imagePullPolicy = "Never";
      this.makeParts(container, spec.volumes);
      const mounts = Object.entries(own).map(([volume, [, mountPath]]) => ({
        name: volume,
        mountPath,
        readOnly: volume !== record,
      }));
      container.volumeMounts = [...(container.volumeMounts ?? []), ...mounts];
    }
    const file = posix.join(this.options.directory, `${name}.yaml`);
    writeFileSync(file, stringify({ apiVersion: "v1", kind: "Pod", metadata: { name }, spec }));
    const { output } = await this.podman(["kube", "play", "--network", "none", file]);
    const names = (spec.initContainers ?? []).concat(spec.containers).map((one) => one.name);
    await this.podman(["wait", ...spec.containers.map((one) => `${name}-${one.name}`)]);
    await this.podman(["kube", "down", file]);
    const containers = names.flatMap((one) => {
      const status = readIf(posix.join(records, `${one}.status`));
      return status === ""
        ? []
        : [{ name: one, status: Number(status), output: readIf(posix.join(records, `${one}.out`)) }];
    });
    const passed = containers.length === names.length && containers.every(({ status }) => status === 0);
    return { containers, passed, podman: output };
  }

  /** Ends what still runs. */
  async close(): Promise<void> {
    await this.podman(["pod", "rm", "--all", "--force", "--time", "0"]);
    await this.podman(["rm", "--all", "--force", "--time", "0"]);
  }

  /** podman mounts all of a hostPath whatever subPath says: each subdirectory becomes a volume of its own. */
  private makeParts({ volumeMounts }: Container, volumes: Volume[]): void {
    for (const mount of volumeMounts ?? []) {
      const { hostPath } = (volumes.find((one) => one.name === mount.name) ?? {}) as { hostPath?: { path: string } };
      if (mount.subPath === undefined || hostPath === undefined) continue;
      const path = posix.join(hostPath.path, mount.subPath);
      mount.name = `${mount.name}-${mount.subPath}`;
      delete mount.subPath;
      if (!volumes.some((one) => one.name === mount.name))
        volumes.push({ name: mount.name, hostPath: { path, type: "Directory" } });
    }
  }

  /** As setupDir of the kubelet's pkg/volume/emptydir/empty_dir.go makes it: root's, 0777 or its mode; and with fsGroup the group's. */
  private emptyDir(pod: string, { name, emptyDir }: Volume, { securityContext }: Spec): string {
    const path = this.directory(`${pod}.${name}`, emptyDir?.mode ?? 0o777);
    const group = securityContext?.fsGroup;
    if (group === undefined) return path;
    // SetVolumeOwnership: the group, its rights to read, write and enter, and the setgid bit.
    chownSync(path, 0, group);
    chmodSync(path, (emptyDir?.mode ?? 0o777) | 0o2770);
    return path;
  }

  private directory(name: string, mode: number): string {
    const path = posix.join(this.options.directory, name);
    mkdirSync(path);
    chmodSync(path, mode);
    return path;
  }

  private tool(argv: readonly [string, ...string[]]): Promise<Ran> {
    const { directory, programs } = this.options;
    const env = {
      PATH: systemPath,
      HOME: directory,
      TMPDIR: directory,
      CONTAINERS_CONF: posix.join(directory, "containers.conf"),
      LC_ALL: "C",
    };
    return programs.run(argv, { cwd: "/", env } satisfies ProgramOptions);
  }
}

/** The pod's spec; numbers with a leading 0 are octal, as in YAML 1.1, which Kubernetes reads. */
function specOf(manifest: string): Spec {
  const object = parseDocument(manifest, { version: "1.1" }).toJS();
  const spec = object.kind === "Pod" ? object.spec : object.spec.template.spec;
  // Its seccomp profiles are files of the node.
  delete spec.securityContext?.seccompProfile;
  return spec;
}

function readIf(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
