// The words that rules about contents share: the problems of their kind, their paths, and how a module version is fetched anew.
import type { ContentProblem, ModuleContent } from "../../facts/content.ts";
import type { Facts } from "../../facts/facts.ts";
import type { FindingPath } from "../../finding/finding.ts";
import type { ContentHits } from "../rule.ts";
import { downloadAgain, ownerOf, recordPath } from "./module-words.ts";
import { pathOf, shellQuote } from "./say.ts";
import { asRoot } from "./shell.ts";

export function problemsOf(kind: string, contents: readonly ModuleContent[]): ContentProblem[] {
  return contents.flatMap(({ problems }) => problems.filter((problem) => problem.kind === kind));
}

/** The examples' files as `ls -l` shows them. */
export function problemPaths(kind: string, hits: ContentHits, facts: Facts): FindingPath[] {
  return problemsOf(kind, hits.examples).map(({ path, entry }) => pathOf(path, entry, facts));
}

/** `example.com/a@v1.0.0: expected h1:…, found h1:…`: the first of them, as evidence. */
export function evidence(kind: string, { examples }: ContentHits): string {
  const [first] = examples;
  const [problem] = problemsOf(kind, examples);
  if (first === undefined || problem === undefined) return "";
  const { expected, found = "nothing" } = problem;
  const what = expected === undefined ? found.replace(/\.$/, "") : `expected ${expected}, found ${found}`;
  return `${first.module}@${first.version}: ${what}`;
}

/** Deletes the examples' zips, hashes and trees, or their trees alone, then lets go fetch or extract them again. */
export function replaceAndDownload(hits: ContentHits, what: "tree" | "everything", facts: Facts): string {
  const trees = hits.examples.filter(hasTree).map(({ tree }) => shellQuote(tree));
  const files = hits.examples.flatMap((content) => [recordPath(content, "zip"), recordPath(content, "ziphash")]);
  const paths = [...(what === "tree" ? [] : files.map(shellQuote)), ...trees];
  const remove = `rm -rf ${paths.join(" ")}`;
  const download = downloadAgain(hits, facts);
  if (paths.length === 0) return download;
  if (facts.self.uid !== ownerOf(hits.examples[0], facts) || facts.self.uid === 0) {
    return `${asRoot(facts, remove)} && ${download}`;
  }
  // Go leaves the directories of a tree read-only, so that even their owner cannot empty them.
  const open = trees.length > 0 ? `chmod -R u+w ${trees.join(" ")} && ` : "";
  return `${open}${remove} && ${download}`;
}

/** Whether anything is at the tree's place, a link among them. */
function hasTree({ extracted, tree, problems }: ModuleContent): boolean {
  return extracted !== undefined || problems.some(({ kind, path }) => kind === "tree-not-as-zip" && path === tree);
}
