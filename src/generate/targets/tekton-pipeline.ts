// A Tekton Pipeline of the Task that generate tekton-task makes, and a PipelineRun for it: three pods that share a claim as one user.
import { podRunAs } from "../pod.ts";
import { indent, type Settings, type Target } from "../target.ts";

export const tektonPipeline: Target = {
  name: "tekton-pipeline",
  summary: "a Pipeline of that Task: modules, tests, programs; and its run",
  file: (variant) => (variant === "run" ? "gomodcache-pipelinerun.yaml" : "gomodcache-pipeline.yaml"),
  variants: ["pipeline", "run"],
  takes: ["uid", "gid"],
  lines: (settings) => (settings.variant === "run" ? pipelineRun(settings) : pipeline(settings)),
};

function pipeline({ uid, gid }: Settings): string[] {
  return [
    "apiVersion: tekton.dev/v1",
    "kind: Pipeline",
    "metadata:",
    "  name: go-build",
    "spec:",
    "  workspaces:",
    "    # Sources in source/, the module cache in gomodcache/.",
    "    - name: work",
    "  tasks:",
    `    # The Task is that of: gomodcache generate tekton-task --uid ${uid} --gid ${gid}`,
    "    # Each task is a pod of its own. All are this one user, so that each may add to the cache that another one filled.",
    ...task("fetch-modules", ["mod", "verify"]),
    ...task("test", ["test", "./..."], "fetch-modules"),
    "    # The programs are below the sources, since /tmp ends with the pod.",
    ...task("build", ["build", "-o", "bin/", "./..."], "test"),
  ];
}

function task(name: string, args: readonly string[], after?: string): string[] {
  return [
    `    - name: ${name}`,
    ...(after === undefined ? [] : [`      runAfter: [${after}]`]),
    "      taskRef:",
    "        name: go-build",
    "      params:",
    "        - name: args",
    `          value: ${JSON.stringify(args)}`,
    "      workspaces:",
    ...["source", "gomodcache"].flatMap((workspace) => [
      `        - name: ${workspace}`,
      "          workspace: work",
      `          subPath: ${workspace}`,
    ]),
  ];
}

function pipelineRun(settings: Settings): string[] {
  return [
    "# It has no name: kubectl create -f gomodcache-pipelinerun.yaml",
    "apiVersion: tekton.dev/v1",
    "kind: PipelineRun",
    "metadata:",
    "  generateName: go-build-",
    "spec:",
    "  pipelineRef:",
    "    name: go-build",
    "  taskRunTemplate:",
    "    podTemplate:",
    "      securityContext:",
    "        # The user of the Task, also for Tekton's own containers.",
    ...indent(podRunAs(settings), 8),
    "        # The top of a new claim is root's: this gives it to the group. OnRootMismatch does so once; each time would open",
    "        # Go's write-protected modules again.",
    `        fsGroup: ${settings.gid}`,
    "        fsGroupChangePolicy: OnRootMismatch",
    "  workspaces:",
    "    # Exchange this for the claim that holds your sources.",
    "    - name: work",
    "      persistentVolumeClaim:",
    "        claimName: go-build",
  ];
}
