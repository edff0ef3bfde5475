// A kustomize component: the cache volume and the user, for the Job or Deployment that has the label.
import { goEnvironment, goMounts, runAs, volumes } from "../pod.ts";
import { indent, type Target } from "../target.ts";

export const kustomizeComponent: Target = {
  name: "kustomize-component",
  summary: "volume, environment and user for Jobs that have a label",
  file: "components/gomodcache/kustomization.yaml",
  cacheDir: "/go/pkg/mod",
  takes: ["uid", "gid", "cacheDir"],
  lines: (settings) => [
    "# Used as: components: [components/gomodcache], and metadata.labels of the Job: gomodcache: enabled",
    "apiVersion: kustomize.config.k8s.io/v1alpha1",
    "kind: Component",
    "patches:",
    "  - target:",
    "      kind: Job",
    "      labelSelector: gomodcache=enabled",
    "    patch: |-",
    ...indent(
      [
        "apiVersion: batch/v1",
        "kind: Job",
        "metadata:",
        "  name: any",
        "spec:",
        "  template:",
        "    spec:",
        "      # For all containers, so that each may change what another one made.",
        "      securityContext:",
        ...indent(runAs(settings), 8),
        "      containers:",
        "        # The name of your container that runs go.",
        "        - name: build",
        ...indent(goEnvironment(settings), 10),
        ...indent(goMounts(settings), 10).filter((line) => !/workspace/.test(line)),
        ...indent(volumes().slice(0, -3), 6),
      ],
      6,
    ),
  ],
};
