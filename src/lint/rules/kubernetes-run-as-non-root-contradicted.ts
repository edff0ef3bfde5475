// runAsNonRoot that the user contradicts, so that the container is not even started; or missing where the user is a number anyway.
import { type Container, nameOf } from "../kubernetes/container.ts";
import { concernsGo, goCacheVolumes } from "../kubernetes/go-cache.ts";
import type { Pod } from "../kubernetes/model.ts";
import type { LintDraft, LintFix, LintRule } from "../rule.ts";
import { besides } from "../yaml/edit.ts";

export const kubernetesRunAsNonRootContradicted: LintRule<"kubernetes" | "tekton"> = {
  id: "kubernetes-run-as-non-root-contradicted",
  severity: "error",
  title: "runAsNonRoot and runAsUser contradict each other",
  kinds: ["kubernetes", "tekton"],
  check: ({ pods, file }) =>
    pods
      .filter((pod) => pod.containers.some(concernsGo) || goCacheVolumes(pod).length > 0)
      .flatMap((pod) => {
        const contradicted = pod.containers.flatMap((container) => contradiction(container, file.text));
        return contradicted.length > 0 ? contradicted : missing(pod, file.text);
      }),
};

/** The kubelet looks at what is in force (pkg/kubelet/kuberuntime/security_context.go, verifyRunAsNonRoot). */
function contradiction(container: Container, text: string): LintDraft[] {
  const { uid, nonRoot } = container;
  if (uid?.value !== 0 || nonRoot?.value !== true) return [];
  const rather: LintFix = {
    title: `Run ${nameOf(container)} as the user of the others, if it needs no root`,
    disposition: "unsafe",
  };
  // An exception can only be made where the demand is the pod's.
  const except =
    nonRoot.level === "pod" && uid.level === "container" ? besides(uid.field, "runAsNonRoot: false", text) : undefined;
  const exception: LintFix | undefined =
    except === undefined
      ? undefined
      : {
          title: "Or say that this container is the exception: runAsNonRoot: false",
          disposition: "unsafe",
          edits: except,
        };
  return [
    {
      message: `${nameOf(container)} has runAsUser: 0 under runAsNonRoot: true: the kubelet refuses to start it`,
      at: { start: uid.field.key?.start ?? uid.field.start, end: uid.field.end },
      subject: "root",
      why: "It stays at CreateContainerConfigError: container's runAsUser breaks non-root policy",
      fixes: exception === undefined ? [rather] : [rather, exception],
    },
  ];
}

/** Only where every number is written and none is root's: then the demand costs nothing. */
function missing({ containers, securityContext }: Pod, text: string): LintDraft[] {
  const user = securityContext?.get("runAsUser");
  if (user === undefined || (user.number() ?? 0) === 0) return [];
  if (containers.some(({ uid, nonRoot }) => uid === undefined || uid.value === 0 || nonRoot !== undefined)) return [];
  const edits =
    user.own && securityContext?.own === true && securityContext.has("runAsUser")
      ? besides(user, "runAsNonRoot: true", text)
      : undefined;
  return [
    {
      message: `The pod runs as uid ${user.text()}, but nothing demands it: runAsNonRoot is missing`,
      at: { start: user.key?.start ?? user.start, end: user.end },
      severity: "advice",
      why: "An overlay that drops or changes the number makes the image's user fill the cache, which often is root, and nobody notices until the next pod is denied",
      fixes: [
        { title: "Demand it: runAsNonRoot: true", disposition: "safe", ...(edits === undefined ? {} : { edits }) },
      ],
    },
  ];
}
