// What commander does not know the choices of: rules, operations, targets, experiments, topics.
import type { Command } from "commander";
import { categories } from "../causes/cause.ts";
import type { Choice } from "../completion/table.ts";
import { targets } from "../generate/targets.ts";
import { operations } from "../gocache/operation.ts";
import { experiments } from "../lab/experiments.ts";
import { allLintRules } from "../lint/all.ts";
import { routeRules } from "../route/suspect.ts";
import { allRules } from "../rules/all.ts";
import { type KnownWords, visible } from "./command-table.ts";
import { topics } from "./help.ts";

export function knownWords(program: Command): KnownWords {
  const explained = new Map(
    [...choices(allLintRules), ...choices(routeRules), ...choices(allRules)].map((choice) => [choice.word, choice]),
  );
  return {
    "completion shell": ["bash", "zsh", "fish"].map((word) => ({ word, description: "" })),
    "can operation": operations.map((word) => ({ word, description: "" })),
    "explain rule": [
      ...explained.values(),
      ...categories.map((word) => ({ word, description: "a category of classify" })),
    ],
    "fix --only": choices(allRules),
    "generate target": targets.map(({ name, summary }) => ({ word: name, description: summary })),
    "generate --variant": [...new Set(targets.flatMap(({ variants }) => variants ?? []))].map((word) => ({
      word,
      description: "",
    })),
    "help topic": [
      ...visible(program).map((command) => ({ word: command.name(), description: command.summary() })),
      ...Object.keys(topics).map((word) => ({ word, description: "a topic" })),
    ],
    "lab name": experiments.map(({ name, summary }) => ({ word: name, description: summary })),
    "lint --only": choices(allLintRules),
  };
}

function choices(rules: readonly { readonly id: string; readonly title: string }[]): Choice[] {
  return rules.map(({ id, title }) => ({ word: id, description: title }));
}
