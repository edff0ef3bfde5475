// In what kind of container, and in what kind of CI job, this program runs.

/** The text of a file, or undefined if it is absent or cannot be read. An empty file is an empty text. */
export type ReadText = (path: string) => string | undefined;
export type Environment = Readonly<Record<string, string | undefined>>;

/** `kubernetes`, `podman`, `docker`, `lxc`, `wsl` (a distribution of either generation), …, or undefined on an ordinary machine. */
export function detectContainer(text: ReadText, environment: Environment): string | undefined {
  if (environment["KUBERNETES_SERVICE_HOST"] !== undefined) return "kubernetes";
  if (text("/run/.containerenv") !== undefined) return "podman";
  if (text("/.dockerenv") !== undefined) return "docker";
  const groups = text("/proc/1/cgroup") ?? "";
  if (/kubepods/.test(groups)) return "kubernetes";
  if (/libpod/.test(groups)) return "podman";
  if (/docker|containerd|buildkit/.test(groups)) return "docker";
  // systemd and LXC tell their children by this variable of PID 1 (systemd.io/CONTAINER_INTERFACE).
  const declared = /(?:^|\0)container=([^\0]*)/.exec(text("/proc/1/environ") ?? "")?.[1] ?? environment["container"];
  if (declared !== undefined && declared !== "") return declared;
  if (/\/lxc[/.]/.test(groups)) return "lxc";
  if (wslGeneration(text, environment) === undefined) return undefined;
  // A container on WSL's kernel, where nothing else tells of it (nerdctl): a distribution's own root is no overlay.
  return /^\S+ \/ overlay /m.test(text("/proc/self/mounts") ?? "") ? "container" : "wsl";
}

/** 1 or 2 if this is the kernel of that generation of WSL, or a distribution on a kernel that somebody else built; else undefined. */
export function wslGeneration(text: ReadText, environment: Environment): 1 | 2 | undefined {
  const release = text("/proc/sys/kernel/osrelease") ?? "";
  // 5.15.153.1-microsoft-standard-WSL2, and 4.19.104-microsoft-standard before; WSL1's is 4.4.0-19041-Microsoft.
  if (/microsoft-standard|WSL2/i.test(release)) return 2;
  if (/-Microsoft$/i.test(release.trim())) return 1;
  // Any kernel can be named in .wslconfig; init still mounts its drivers, and registers Windows programs (util.cpp, binfmt.cpp).
  const names = ["WSLInterop", "WSLInterop-late"].map((name) => text(`/proc/sys/fs/binfmt_misc/${name}`));
  if (names.some((entry) => entry !== undefined)) return 2;
  if (/ \/usr\/lib\/wsl\/drivers 9p /.test(text("/proc/self/mounts") ?? "")) return 2;
  return environment["WSL_DISTRO_NAME"] !== undefined && environment["WSL_INTEROP"] !== undefined ? 2 : undefined;
}

/** The variable by which each CI service says that it is there. */
const services: readonly (readonly [variable: string, name: string])[] = [
  // Before GitHub, whose variable Gitea sets too.
  ["GITEA_ACTIONS", "Gitea Actions"],
  ["GITHUB_ACTIONS", "GitHub Actions"],
  ["GITLAB_CI", "GitLab CI"],
  ["JENKINS_URL", "Jenkins"],
  ["CIRCLECI", "CircleCI"],
  ["BUILDKITE", "Buildkite"],
  ["TF_BUILD", "Azure Pipelines"],
  ["BITBUCKET_BUILD_NUMBER", "Bitbucket Pipelines"],
  ["TEAMCITY_VERSION", "TeamCity"],
  ["CODEBUILD_BUILD_ID", "AWS CodeBuild"],
  ["DRONE", "Drone"],
  ["CI", "CI"],
];

/** `GitHub Actions`, `GitLab CI`, …; plain `CI` for a service that is not known by name. */
export function detectCi(environment: Environment): string | undefined {
  return services.find(([variable]) => !["", "false", undefined].includes(environment[variable]))?.[1];
}

/** The variables by which detectContainer and detectCi decide. */
export const kindVariables: readonly string[] = [
  "KUBERNETES_SERVICE_HOST",
  "WSL_DISTRO_NAME",
  ...services.map(([variable]) => variable),
];
