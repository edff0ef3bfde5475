// An Argo Workflow: one pod, so that download and build share an emptyDir.
import { containerSecurity, goEnvironment, goMounts, ofOneUser, podRunAs, volumes, workspace } from "../pod.ts";
import { indent, quoted, type Settings, type Target } from "../target.ts";

export const argoWorkflow: Target = {
  name: "argo-workflow",
  summary: "one pod of one user that downloads and builds",
  file: "gomodcache-workflow.yaml",
  ...ofOneUser,
  lines: (settings) => [
    "apiVersion: argoproj.io/v1alpha1",
    "kind: Workflow",
    "metadata:",
    "  generateName: go-build-",
    "spec:",
    "  entrypoint: build",
    "  automountServiceAccountToken: false",
    "  # Argo's own executor needs a token to report what was done.",
    "  executor:",
    "    serviceAccountName: default",
    "  # One user in all containers: each may change what another one made, and nothing needs chown or fsGroup.",
    "  securityContext:",
    ...indent(podRunAs(settings), 4),
    ...indent(volumes(), 2),
    "  templates:",
    "    - name: build",
    "      # Two templates would be two pods, each with an emptyDir of its own.",
    "      initContainers:",
    ...indent(step("download", "go mod download", settings), 8),
    "      container:",
    ...indent(step("", "go build -o /tmp/bin/ ./...", settings), 8),
  ],
};

function step(name: string, words: string, settings: Settings): string[] {
  const body = [
    `image: ${quoted(settings.image)}`,
    `workingDir: ${workspace}`,
    `command: ${JSON.stringify(words.split(" "))}`,
    "securityContext:",
    ...containerSecurity(),
    ...goEnvironment(settings),
    ...goMounts(settings),
  ];
  return name === "" ? body : [`- name: ${name}`, ...indent(body, 2)];
}
