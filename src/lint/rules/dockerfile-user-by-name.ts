// The image that is pushed runs as a user with a name: Kubernetes cannot check runAsNonRoot against a name.
import { isFinal, nameOf } from "../dockerfile/history.ts";
import type { LintRule } from "../rule.ts";

export const dockerfileUserByName: LintRule<"dockerfile"> = {
  id: "dockerfile-user-by-name",
  severity: "advice",
  title: "the image's user is a name where Kubernetes needs a number",
  kinds: ["dockerfile"],
  check: ({ stages }) => {
    const last = stages.at(-1);
    const step = stages
      .filter((stage) => isFinal(stage, stages))
      .flatMap(({ steps }) => steps)
      .filter(({ instruction }) => instruction.keyword === "USER")
      .at(-1);
    const word = step?.instruction.words[0];
    if (last === undefined || step === undefined || word === undefined) return [];
    const [name = "", group] = word.value.split(":");
    if (!/^[a-z_][\w.-]*$/i.test(name) || name === "root") return [];
    const { becomes } = step;
    const uid = becomes?.uid ?? (name === "nonroot" && last.image?.family === "distroless" ? 65532 : undefined);
    const gid =
      group === undefined
        ? undefined
        : /^\d+$/.test(group)
          ? Number(group)
          : (becomes?.gid ?? (uid === 65532 ? 65532 : undefined));
    const known = uid !== undefined && (group === undefined || gid !== undefined);
    const number = `${uid}${group === undefined ? "" : `:${gid}`}`;
    return [
      {
        message: `USER ${word.value} is a name: with runAsNonRoot Kubernetes refuses to start the image (container has runAsNonRoot and image has non-numeric user)`,
        at: word,
        why: "The kubelet does not read the image's /etc/passwd. A number also keeps its meaning on volumes and in cache mounts",
        fixes: known
          ? [
              {
                title: `Write the number of ${nameOf({ text: name, root: false })}`,
                disposition: "safe",
                edits: [{ ...word, text: number }],
              },
            ]
          : [{ title: "Write the user's number", disposition: "safe" }],
      },
    ];
  },
};
