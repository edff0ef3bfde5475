// `explain [RULE]`: the pages of docs/rules and docs/causes, which are part of the package.
import { readFileSync } from "node:fs";
import { type Category, categories } from "../causes/cause.ts";
import type { Context } from "../context.ts";
import { type ExitStatus, exitStatus, UserError } from "../error.ts";
import { allLintRules } from "../lint/all.ts";
import { routeRules } from "../route/suspect.ts";
import { allRules } from "../rules/all.ts";
import { writeStream } from "../ui/output.ts";

export async function explain(
  id: string | undefined,
  options: { json?: boolean },
  context: Context,
): Promise<ExitStatus> {
  // A rule that both doctor and lint have is told once.
  const known = new Map([...allLintRules, ...routeRules, ...allRules].map((rule) => [rule.id, rule]));
  const rules = [...known.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  if (id === undefined) {
    const list = rules.map(({ id: name, severity, title }) => ({ rule: name, severity, title }));
    const width = Math.max(...rules.map((rule) => rule.id.length));
    const lines = list.map(({ rule, severity, title }) => `${rule.padEnd(width)}  ${severity.padEnd(7)}  ${title}\n`);
    await writeStream(
      context.stdout,
      options.json === true ? `${JSON.stringify(list, undefined, 2)}\n` : lines.join(""),
    );
    return exitStatus.ok;
  }
  if (isCategory(id)) {
    const page = readPage("causes", id);
    await writeStream(
      context.stdout,
      options.json === true ? `${JSON.stringify({ category: id, page }, undefined, 2)}\n` : page,
    );
    return exitStatus.ok;
  }
  const rule = rules.find((candidate) => candidate.id === id);
  if (rule === undefined)
    throw new UserError(
      `there is no rule "${id}"`,
      suggestion(
        id,
        rules.map((candidate) => candidate.id),
      ),
    );
  const page = readPage("rules", rule.id);
  const document = { rule: rule.id, severity: rule.severity, title: rule.title, page };
  await writeStream(context.stdout, options.json === true ? `${JSON.stringify(document, undefined, 2)}\n` : page);
  return exitStatus.ok;
}

function isCategory(id: string): id is Category {
  return (categories as readonly string[]).includes(id);
}

/** The page stands beside the bundle in the package, with it in an executable, and two folders up from here in the source. */
function readPage(folder: "rules" | "causes", id: string): string {
  for (const base of ["../docs/", "./docs/", "../../docs/"]) {
    try {
      return readFileSync(new URL(`${base}${folder}/${id}.md`, import.meta.url), "utf8");
    } catch {
      // The other place.
    }
  }
  throw new UserError(`the page of ${id} is missing from this installation`, "install gomodcache again");
}

/** Rules that share a word with what was asked for. */
function suggestion(id: string, known: readonly string[]): string {
  const words = new Set(id.split("-"));
  const near = known.filter(
    (name) => name.includes(id) || name.split("-").some((word) => words.has(word) && word.length > 3),
  );
  return near.length > 0
    ? `did you mean ${near.slice(0, 5).join(", ")}?`
    : `gomodcache explain lists them; of classify there are ${categories.join(", ")}`;
}
