// In what kind of container, and in what kind of CI job, this program runs.

/** The text of a file, or undefined if it is absent or cannot be read. An empty file is an empty text. */
export type ReadText = (path: string) => string | undefined;
export type Environment = Readonly<Record<string, string | undefined>>;

/** `kubernetes`, `podman`, `docker`, `lxc`, `wsl`, or undefined on an ordinary machine. */
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
  // WSL2's kernel is called 5.15.0-microsoft-standard-WSL2, WSL1's 4.4.0-19041-Microsoft.
  return /microsoft/i.test(text("/proc/sys/kernel/osrelease") ?? "") ? "wsl" : undefined;
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
export const kindVariables: readonly string[] = ["KUBERNETES_SERVICE_HOST", ...services.map(([variable]) => variable)];
