// A Job that fills a module cache in an initContainer and builds with it.
import {
  containerSecurity,
  goEnvironment,
  goMounts,
  handOver,
  podRunAs,
  umaskText,
  volumes,
  workspace,
} from "../pod.ts";
import { indent, quoted, type Settings, type Target } from "../target.ts";

export const kubernetesJob: Target = {
  name: "kubernetes-job",
  summary: "emptyDir, a step that downloads, a container that builds",
  file: "gomodcache-job.yaml",
  variants: ["same-uid", "group", "readonly", "init"],
  cacheDir: "/go/pkg/mod",
  takes: ["uid", "gid", "otherUid", "cacheDir", "contract", "goVersion", "image", "initImage"],
  lines: (settings) => [
    "apiVersion: batch/v1",
    "kind: Job",
    "metadata:",
    "  name: go-build",
    "spec:",
    "  backoffLimit: 0",
    "  template:",
    "    spec:",
    ...indent(podSpec(settings), 6),
  ],
};

/** The specification of a pod whose first step downloads and whose container builds. */
export function podSpec(settings: Settings): string[] {
  return [
    "restartPolicy: Never",
    "automountServiceAccountToken: false",
    ...podSecurity(settings),
    "initContainers:",
    ...indent([...(settings.variant === "init" ? initStep(settings) : []), ...download(settings)], 2),
    "containers:",
    ...indent(build(settings), 2),
    ...volumes(),
  ];
}

function podSecurity(settings: Settings): string[] {
  const why: Readonly<Record<string, string[]>> = {
    "same-uid": [
      "  # One user in all containers: each may change what another one made, and nothing needs chown or fsGroup.",
    ],
    init: ["  # One user in all containers but the first, which prepares the directory for them."],
    group: [
      "  # Two users with one primary group; the umask below lets it write. fsGroup would give no right to write what",
      "  # is made later.",
    ],
    readonly: ["  # The step writes as this user; the container is another one and reads."],
  };
  return ["securityContext:", ...(why[settings.variant] ?? []), ...indent(podRunAs(settings), 2)];
}

/** A root step, for volumes that hold something already, such as a claim that root filled. */
function initStep(settings: Settings): string[] {
  const { image, command } = handOver(settings, settings.cacheDir);
  return [
    "# Needed if the volume is a claim, or was filled by root. With the emptyDir below it only sets owner and mode of its top.",
    "- name: hand-over",
    `  image: ${quoted(image)}`,
    `  command: ${command}`,
    "  securityContext:",
    "    # Only root may give files away; the pod says runAsNonRoot, so this container must say otherwise.",
    "    runAsUser: 0",
    "    runAsGroup: 0",
    "    runAsNonRoot: false",
    "    allowPrivilegeEscalation: false",
    "    readOnlyRootFilesystem: true",
    "    capabilities:",
    "      drop: [ALL]",
    "      # chown needs CHOWN, chmod of what is another user's FOWNER, a closed directory DAC_OVERRIDE, setgid FSETID.",
    "      add: [CHOWN, FOWNER, DAC_OVERRIDE, FSETID]",
    "  volumeMounts:",
    "    - name: gomodcache",
    `      mountPath: ${quoted(settings.cacheDir)}`,
  ];
}

function download(settings: Settings): string[] {
  return [
    "- name: download",
    `  image: ${quoted(settings.image)}`,
    `  workingDir: ${workspace}`,
    ...goCommand(settings, "go mod download"),
    "  securityContext:",
    ...indent(containerSecurity(), 2),
    ...indent(goEnvironment(settings), 2),
    ...indent(goMounts(settings), 2),
  ];
}

function build(settings: Settings): string[] {
  const { variant, otherUid, image } = settings;
  const other = variant === "group" || variant === "readonly";
  const reads = variant === "readonly";
  return [
    "- name: build",
    `  image: ${quoted(image)}`,
    `  workingDir: ${workspace}`,
    ...goCommand(settings, "go build -o /tmp/bin/ ./..."),
    "  securityContext:",
    ...(other ? [`    runAsUser: ${otherUid}`] : []),
    ...indent(containerSecurity(), 2),
    ...indent(goEnvironment(settings), 2),
    ...(reads
      ? [
          "    # A module that is missing is then told as such, and not as a directory that cannot be written.",
          "    - name: GOPROXY",
          '      value: "off"',
        ]
      : []),
    ...indent(goMounts(settings, reads), 2),
  ];
}

/** The umask is set by a shell, since Kubernetes has no field for it. */
function goCommand(settings: Settings, words: string): string[] {
  if (settings.contract === "group")
    return [
      "  # What one user adds, the group can add to: go asks for 0777 and 0666, less the umask.",
      `  command: ["sh", "-c", "umask ${umaskText(settings)} && exec ${words}"]`,
    ];
  return [`  command: ${JSON.stringify(words.split(" "))}`];
}
