// Credentials for private modules in ENV, ARG, COPY or a RUN: they stay in the image, its history or the build cache.
import { isFinal } from "../dockerfile/history.ts";
import { type Dockerfile, pairsOf, type Stage, type Step } from "../dockerfile/model.ts";
import type { Span } from "../file.ts";
import type { LintDraft, LintRule } from "../rule.ts";
import { programOf, type ShellCommand } from "../shell/command.ts";

export const dockerfileSecretBakedIn: LintRule<"dockerfile"> = {
  id: "dockerfile-secret-baked-in",
  severity: "error",
  title: "credentials stay in the image or in its history",
  kinds: ["dockerfile"],
  check: (model) => model.stages.flatMap((stage) => stage.steps.flatMap((step) => ofStep(step, stage, model))),
};

const secretName = /(^|_)(TOKEN|PASSWORD|PASSWD|SECRET|PAT|API_?KEY|PRIVATE_?KEY|SSH_?KEY|ACCESS_?KEY|NETRC)$/i;
const secretFile = /(^|\/)(\.netrc|_netrc|\.git-credentials|id_(rsa|ed25519|ecdsa|dsa)|\.ssh)(\/|$)/;

function ofStep(step: Step, stage: Stage, model: Dockerfile): LintDraft[] {
  const { instruction } = step;
  const pushed = isFinal(stage, model.stages);
  switch (instruction.keyword) {
    case "ENV":
      return pairsOf(instruction)
        .filter(({ name, value }) => secretName.test(name) && isSecret(value))
        .map((pair) => draft(`ENV ${pair.name} is part of the image: whoever can pull it can read it`, pair, pushed));
    case "ARG":
      return pairsOf(instruction)
        .filter(({ name, value }) => secretName.test(name) && (isSecret(value) || isUsed(name, step, stage)))
        .map((pair) => draft(`ARG ${pair.name} is written into the history of the layers that use it`, pair, pushed));
    case "COPY":
    case "ADD":
      if (instruction.flags.some(({ name }) => name === "from")) return [];
      return instruction.words
        .slice(0, -1)
        .filter(({ value }) => secretFile.test(value) && !value.endsWith(".pub"))
        .map((word) =>
          draft(`${word.value} is copied into a layer: deleting it later does not take it out`, word, pushed),
        );
    case "RUN":
      return step.commands.filter(writesSecret).map((command) => {
        return draft("a token is written into a file of the image, and into its history", command, pushed);
      });
    default:
      return [];
  }
}

/** A file's name, an empty value or a placeholder is none; a variable could hold one. */
function isSecret(value: string): boolean {
  return value !== "" && !/^(\/|\.\/|changeme$|x+$|\*+$|none$|false$|true$|<)/i.test(value);
}

/** A build argument that no instruction of the stage names gets nowhere. */
function isUsed(name: string, step: Step, stage: Stage): boolean {
  const used = new RegExp(`\\$\\{?${name}\\b`);
  return stage.steps.some(({ instruction }) => {
    const text = [instruction.body, ...instruction.heredocs.map((heredoc) => heredoc.text)].join("\n");
    return instruction !== step.instruction && used.test(text);
  });
}

/** `git config … insteadOf` with a token in the address, or a line for ~/.netrc; not what a secret mount provides. */
function writesSecret(command: ShellCommand): boolean {
  const words = command.words.map(({ value }) => value);
  const text = words.join(" ");
  if (/\/run\/secrets\//.test(text)) return false;
  const variable = /\$\{?\w*(TOKEN|PASSWORD|PASSWD|SECRET|PAT|KEY)\w*\b/i;
  if (programOf(command) === "git" && words.includes("config"))
    return words.some(
      (word) =>
        /^url\.https?:\/\/[^@/]+@/.test(word) && (variable.test(word) || !word.includes("$")) && !/\/\/git@/.test(word),
    );
  const netrc = command.writes.some(({ value }) => /(^|\/)[._]netrc$|\.git-credentials$/.test(value));
  return netrc && /password|https?:\/\/|\$/.test(text);
}

function draft(message: string, { start, end }: Span, pushed: boolean): LintDraft {
  return {
    message,
    at: { start, end },
    why: pushed
      ? "Layers and the history are pushed with the image"
      : "This stage is not pushed, but its layers stay in the builder's cache, and go with a cache that is exported",
    severity: pushed ? "error" : "warning",
    fixes: [
      {
        title:
          "Mount it for the one command: RUN --mount=type=secret,id=netrc,target=/root/.netrc go mod download, and docker build --secret id=netrc,src=$HOME/.netrc",
        disposition: "safe",
      },
    ],
  };
}
