// Checks one module version: its zip, its hash, its go.mod and .info, and its extracted tree, against each other and against go.sum.
import { setTimeout } from "node:timers/promises";
import type { ContentProblem, ModuleContent, Unreadable } from "../facts/content.ts";
import { unescapePath } from "../gocache/escape.ts";
import { show } from "../host/bytes.ts";
import type { TreeEntry } from "../tree/entry.ts";
import type { PinnedDirectory } from "../tree/pinned-directory.ts";
import { closeRecord, type OpenRecord, openRecord, type RecordFiles, sameRecord } from "./record.ts";
import { judgeRecord, type Sums } from "./record-content.ts";
import { judgeTree } from "./tree-content.ts";

/** Which module version to check. */
export interface ContentQuestion {
  /** Path and version, escaped as they stand on disk. */
  readonly module: string;
  readonly version: string;
  /** What go.sum says about it; absent if no go.sum is asked. */
  readonly sums?: Sums;
}

/** What was found so far about one module version. */
export interface Notes {
  readonly problems: ContentProblem[];
  readonly unread: Unreadable[];
  unlisted: number;
  filesRead: number;
  /** True if something went away meanwhile, or is missing and may just have gone. */
  unsteady: boolean;
}

/** Milliseconds between two looks at a module that changes. */
const pauses = [50, 200, 500];

/**
 * @param cache GOMODCACHE without links, held open
 * @throws only for bugs: what cannot be read is told in the answer
 */
export async function checkModule(cache: PinnedDirectory, question: ContentQuestion): Promise<ModuleContent> {
  let last: ModuleContent | undefined;
  for (let attempt = 0; ; attempt += 1) {
    const { content, steady, doubtful } = await lookOnce(cache, question);
    if (!content.present || (content.problems.length === 0 && !doubtful)) return content;
    // A tree that is being deleted or extracted looks different each time.
    const same = last !== undefined && JSON.stringify(last) === JSON.stringify(content);
    if (steady && (!doubtful || same)) return content;
    const pause = pauses[attempt];
    if (pause === undefined) return changing(content);
    last = content;
    await setTimeout(pause);
  }
}

function changing(content: ModuleContent): ModuleContent {
  const unread = [...content.unread, { path: content.tree, reason: "it changes while it is looked at" }];
  return { ...content, problems: [], unlisted: 0, unread };
}

interface Look {
  readonly content: ModuleContent;
  /** Whether the record's files and the tree's own directory were the same before and after. */
  readonly steady: boolean;
  readonly doubtful: boolean;
}

async function lookOnce(cache: PinnedDirectory, question: ContentQuestion): Promise<Look> {
  const { module, version } = question;
  const notes: Notes = { problems: [], unread: [], unlisted: 0, filesRead: 0, unsteady: false };
  const record = openRecord(cache, module, version, notes);
  try {
    const { files, extracted } = record;
    const prefix = `${unescapePath(module) ?? module}@${unescapePath(version) ?? version}/`;
    const known = await judgeRecord(record, prefix, question.sums, notes);
    // What was cut off is extracted anew, whatever it holds.
    if (files.partial === undefined) judgeTree(record, prefix, known, notes);
    // Whether it changed meanwhile matters only to what is wrong with it.
    const isClean = notes.problems.length === 0 && !notes.unsteady;
    const after = isClean ? record : openRecord(cache, module, version);
    if (!isClean) closeRecord(after);
    const present = isLeft(after) || notes.unread.length > 0;
    const content: ModuleContent = {
      module: unescapePath(module) ?? show(module),
      version: unescapePath(version) ?? show(version),
      directory: record.directoryPath,
      tree: record.treePath,
      files,
      ...(extracted === undefined ? {} : { extracted }),
      ...(known.ziphashText === undefined ? {} : { ziphashText: known.ziphashText }),
      present,
      problems: notes.problems,
      unlisted: notes.unlisted,
      unread: notes.unread,
      filesRead: notes.filesRead,
    };
    return { content, steady: sameRecord(record, after), doubtful: notes.unsteady };
  } finally {
    closeRecord(record);
  }
}

/** A lock is never deleted, and says nothing. */
function hasFiles(files: RecordFiles): boolean {
  return Object.entries(files).some(
    ([kind, entry]: [string, TreeEntry | undefined]) => kind !== "lock" && entry !== undefined,
  );
}

/** Whether anything of a module version is left: somebody may be deleting the cache. */
export function isPresent(
  cache: PinnedDirectory,
  { module, version }: Pick<ContentQuestion, "module" | "version">,
): boolean {
  const record = openRecord(cache, module, version);
  closeRecord(record);
  return isLeft(record);
}

function isLeft({ files, extracted, treeIsNot }: OpenRecord): boolean {
  return hasFiles(files) || extracted !== undefined || treeIsNot !== undefined;
}
