// A GitLab pipeline as its jobs: scripts, variables and caches. What `include` or another project brings is not known.
import type { LintFile, Span } from "../file.ts";
import { aboutGo } from "../golang/about.ts";
import { type Scripted, Unreadable } from "../model.ts";
import type { Assignment, ShellCommand } from "../shell/command.ts";
import type { Field } from "../yaml/field.ts";
import { oncePerPlace, readDocuments } from "../yaml/read.ts";
import { readScript } from "../yaml/script.ts";
import { environmentIn, settingsIn } from "../yaml/settings.ts";

/** A path of a cache, with the job or the default that it stands in. */
export interface CachePath extends Span {
  readonly path: string;
  readonly field: Field;
  /** The map that the cache stands in: a job, `default`, or the file itself. */
  readonly owner: Field;
  readonly level: "job" | "default" | "file";
  /** The variables that the runner puts in, as they are written. */
  readonly variables: ReadonlyMap<string, string | undefined>;
}

export interface Pipeline extends Scripted {
  readonly caches: readonly CachePath[];
  /** True if other files add to this one. */
  readonly open: boolean;
}

/** Names at the top that are no jobs (lib/gitlab/ci/config/entry/root.rb). */
const keywords = new Set(
  "after_script before_script cache default image include services spec stages types variables workflow".split(" "),
);
const scripts = ["before_script", "script", "after_script"] as const;
/** Lists in lists, as !reference and anchors make them. */
const deepest = 4;
/** GitLab itself follows eleven levels of extends. */
const mostExtended = 50;
const mostJobs = 5_000;
/** Of one map; more than anybody writes. */
const mostVariables = 300;

type Jobs = ReadonlyMap<string, Field>;

/** `$[[ inputs.x ]]` is replaced before the pipeline is made. */
const inputs = /\$\[\[(?:(?!\]\]|\$\[\[)[\s\S])*\]\]/g;

export function readPipeline(file: LintFile): Pipeline | Unreadable {
  const { text } = file;
  if (!aboutGo.test(text)) return { file, blocks: [], commands: [], caches: [], open: false };
  const documents = readDocuments(text);
  if (documents instanceof Unreadable) return documents;
  const commands: ShellCommand[] = [];
  const variables: Assignment[] = [];
  const caches: CachePath[] = [];
  for (const root of documents) {
    const usual = root.get("default");
    const jobs = root.entries();
    const owners: [Field | undefined, CachePath["level"]][] = [
      [root, "file"],
      [usual, "default"],
    ];
    for (const [name, job] of jobs) if (!keywords.has(name)) owners.push([job, "job"]);
    if (jobs.size > mostJobs) return new Unreadable(`it has more than ${mostJobs} jobs`);
    for (const [owner, level] of owners) {
      if (owner === undefined) continue;
      for (const key of scripts) commands.push(...scriptOf(owner.get(key), text, 0));
      commands.push(...scriptOf(owner.get("hooks", "pre_get_sources_script"), text, 0));
      variables.push(...settingsIn(owner.get("variables")));
      caches.push(...cachesOf(owner, level, jobs));
    }
  }
  const told = oncePerPlace(commands);
  const blocks = told.map(({ start, end }) => ({ start, end }));
  const open = documents.some((root) => root.get("include") !== undefined);
  return { file, blocks, commands: told, variables: oncePerPlace(variables), caches: oncePerField(caches), open };
}

/** A text, or a list of texts and lists; `!reference` names what stands elsewhere. */
function scriptOf(field: Field | undefined, text: string, depth: number): ShellCommand[] {
  if (field === undefined || field.node.tag === "!reference" || depth > deepest) return [];
  const items = field.items();
  if (items.length > 0) return items.flatMap((item) => scriptOf(item, text, depth + 1));
  return readScript(field, text, { expressions: inputs })?.commands ?? [];
}

function cachesOf(owner: Field, level: CachePath["level"], jobs: Jobs): CachePath[] {
  const cache = owner.get("cache");
  if (cache === undefined || !owner.has("cache")) return [];
  const variables = variablesOf(owner, level, jobs);
  return (cache.items().length > 0 ? cache.items() : [cache]).flatMap((one) =>
    (one.get("paths")?.items() ?? []).flatMap((field) => {
      const path = field.text();
      return path === undefined ? [] : [{ path, field, owner, level, variables, start: field.start, end: field.end }];
    }),
  );
}

/** The file's, those of what the job extends, the job's own; the last one counts. What is extended elsewhere is not known. */
function variablesOf(owner: Field, level: CachePath["level"], jobs: Jobs): Map<string, string | undefined> {
  const chain: Field[] = [];
  const followed = new Set<string>();
  const follow = (job: Field): void => {
    const from = job.get("extends");
    for (const parent of from?.text() === undefined ? (from?.items() ?? []) : [from]) {
      const name = parent?.text() ?? "";
      const there = jobs.get(name);
      if (there === undefined || followed.has(name) || followed.size >= mostExtended) continue;
      followed.add(name);
      follow(there);
    }
    chain.push(job);
  };
  if (level === "job") follow(owner);
  const maps = [jobs.get("variables"), ...chain.map((job) => job.get("variables"))];
  return new Map(maps.flatMap((map) => [...environmentIn(map)].slice(0, mostVariables)));
}

function oncePerField(caches: readonly CachePath[]): CachePath[] {
  const told = new Set<number>();
  return caches.filter(({ start }) => !told.has(start) && told.add(start));
}

/**
 * A path with the variables that the runner puts in; `$CI_PROJECT_DIR` stays as it is, and the result is undefined where a
 * variable is none of the file's, since the project's settings may have it.
 */
export function resolvedPath(path: string, variables: ReadonlyMap<string, string | undefined>): string | undefined {
  let current = path;
  for (let depth = 0; depth < 5; depth += 1) {
    let known = true;
    const next = current.replace(/\$(?:\{(\w+)\}|(\w+))/g, (all, braced?: string, plain?: string) => {
      const name = braced ?? plain ?? "";
      if (name === "CI_PROJECT_DIR") return "$CI_PROJECT_DIR";
      const value = variables.get(name);
      known &&= value !== undefined && value.length < 1000;
      return value ?? all;
    });
    if (!known || next.length > 4000) return undefined;
    if (next === current) return /\$(?!CI_PROJECT_DIR)|[%]/.test(next) ? undefined : next;
    current = next;
  }
  return undefined;
}
