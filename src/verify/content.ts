// The contents of a cache, or of one project's modules in it, checked by several threads: what is wrong comes back as plain values.
import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { setImmediate } from "node:timers/promises";
import type { ContentProblem, ModuleContent } from "../facts/content.ts";
import type { Facts } from "../facts/facts.ts";
import { escapePath } from "../gocache/escape.ts";
import { show } from "../host/bytes.ts";
import { moduleRules } from "../rules/modules.ts";
import { plural } from "../rules/shared/say.ts";
import type { Missed } from "../tree/missed.ts";
import { PinnedDirectory } from "../tree/pinned-directory.ts";
import type { ContentQuestion } from "./check.ts";
import { enumerate } from "./enumerate.ts";
import { checkAlone, checkWorker, type Listener, Pool } from "./pool.ts";
import { whatStays } from "./stays.ts";

export interface VerifyOptions {
  /** Only these; every module version of the cache if absent. */
  readonly modules?: readonly ContentQuestion[];
  /** Called as modules are done, and while they are looked for; `total` is undefined until it is known. */
  readonly onProgress?: (done: number, total: number | undefined, what: string) => void;
  /** Ends it: `verifyContent` then throws the signal's reason. */
  readonly signal?: AbortSignal;
  /** The program of a checking thread, where it is not beside this one; without one, this thread checks alone. */
  readonly checkWorker?: URL;
}

export interface ContentSurvey {
  /** The module versions with problems, or of which something could not be read, by name. */
  readonly contents: readonly ModuleContent[];
  /** How many module versions of those that were asked about are in the cache. */
  readonly modules: number;
  /** How many files were read, in zips and outside. */
  readonly files: number;
  /** What else could not be seen, a sentence each. */
  readonly unseen: readonly string[];
}

/** More gain nothing: the disk is the limit, and each takes its memory. */
const mostThreads = 8;
/** Starting threads takes longer than checking a few modules. */
const fewModules = 8;

/**
 * Reads and compares the contents of module versions. Nothing is written.
 * @param facts of a cache that is a directory
 * @throws the signal's reason, if it was aborted
 */
export async function verifyContent(facts: Facts, options: VerifyOptions = {}): Promise<ContentSurvey> {
  const cache = facts.cache.realPath;
  let directory: PinnedDirectory;
  try {
    directory = PinnedDirectory.open(cache);
  } catch (error) {
    return {
      contents: [],
      modules: 0,
      files: 0,
      unseen: [`${show(cache)} could not be entered: ${(error as Error).message}`],
    };
  }
  try {
    const { questions, unseen } = await questionsOf(directory, facts, options);
    const contents: ModuleContent[] = [];
    let [done, modules, files] = [0, 0, 0];
    const tell = ({ module, version }: ContentQuestion): void => {
      done += 1;
      options.onProgress?.(done, questions.length, show(`${module}@${version}`));
    };
    const listener: Listener = {
      onContent(content, question) {
        tell(question);
        files += content.filesRead;
        if (!content.present) return;
        modules += 1;
        const all = { ...content, problems: [...recordProblems(content, facts), ...content.problems] };
        if (all.problems.length > 0 || all.unread.length > 0) contents.push(all);
      },
      onFailure(question, reason) {
        tell(question);
        const name = show(`${question.module}@${question.version}`);
        unseen.push(`the check of ${name} broke down: ${reason}`);
      },
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    };
    await check(cache, questions, listener, options);
    const left = await whatStays(directory, contents, options.signal);
    left.sort((a, b) => compare(a.module, b.module) || compare(a.version, b.version));
    return { contents: left, modules: modules - (contents.length - left.length), files, unseen };
  } finally {
    directory.close();
  }
}

async function check(
  cache: string,
  questions: readonly ContentQuestion[],
  listener: Listener,
  options: VerifyOptions,
): Promise<void> {
  const program = options.checkWorker ?? (existsSync(checkWorker) ? checkWorker : undefined);
  if (program === undefined || questions.length <= fewModules) return checkAlone(cache, questions, listener);
  const threads = Math.min(availableParallelism(), mostThreads);
  await new Pool(cache, questions, program, threads, listener).run();
}

async function questionsOf(
  directory: PinnedDirectory,
  facts: Facts,
  options: VerifyOptions,
): Promise<{ questions: readonly ContentQuestion[]; unseen: string[] }> {
  if (options.modules !== undefined) return { questions: options.modules, unseen: [] };
  const mounts = "value" in facts.mounts ? facts.mounts.value.map(({ mountPoint }) => mountPoint) : [];
  const { path } = directory;
  const walkOptions = {
    device: directory.own().dev,
    mountPoints: new Set(mounts.filter((mountPoint) => mountPoint.startsWith(`${path}/`))),
  };
  const { found, missed } = await enumerate(path, walkOptions, async (current) => {
    options.onProgress?.(0, undefined, show(current));
    options.signal?.throwIfAborted();
    await setImmediate();
  });
  // The largest zips take longest, and are begun with.
  const questions = [...found].sort((a, b) => b.zipSize - a.zipSize || compare(a.module, b.module));
  return { questions, unseen: unseenOf(missed) };
}

/** What the files of a record tell by themselves: the same rules as the doctor's say so. */
function recordProblems(content: ModuleContent, facts: Facts): ContentProblem[] {
  return moduleRules
    .filter((rule) => rule.departs(content, facts))
    .map(({ id }) => ({ kind: id, path: pathOfProblem(id, content) }));
}

const files: Readonly<Record<string, string>> = {
  "ziphash-empty": "ziphash",
  "ziphash-torn": "ziphash",
  "ziphash-missing": "ziphash",
  "mod-file-empty": "mod",
  "info-file-empty": "info",
  "zip-empty": "zip",
  "partial-extraction": "partial",
};

function pathOfProblem(kind: string, { directory, version, tree, files: have }: ModuleContent): string {
  if (kind === "extracted-without-record") return tree;
  const file = files[kind] ?? (have.mod === undefined ? "mod" : "info");
  return `${directory}/${escapePath(version)}.${file}`;
}

function unseenOf({ unreadCount, unread, mountCount, mounts }: Missed): string[] {
  const unseen: string[] = [];
  if (unreadCount > 0) {
    const examples = unread.map(({ path, reason }) => `${show(path)}: ${reason}`);
    unseen.push(`${plural(unreadCount, "place")} could not be read: ${listed(examples, unreadCount)}`);
  }
  if (mountCount > 0) {
    unseen.push(
      `${plural(mountCount, "mounted file system")} in the cache left out: ${listed(mounts.map(show), mountCount)}`,
    );
  }
  return unseen;
}

/** `a; b; and 3 more`. */
export function listed(examples: readonly string[], count: number): string {
  const more = count - examples.length;
  return more > 0 ? `${examples.join("; ")}; and ${more} more` : examples.join("; ");
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
