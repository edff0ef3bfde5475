// Repairing contents: what is broken is removed, and nothing else, since go makes it anew: a hash from its zip, a tree from its
// zip, a go.mod or a zip from upstream.
import type { ModuleContent } from "../facts/content.ts";
import type { Removal } from "../tree/remove.ts";

/** What has to go because of one cause in one module version. */
export interface ContentRepair {
  /** The id of the rule that tells about it. */
  readonly rule: string;
  /** The directory of the module's record, below GOMODCACHE. */
  readonly record: readonly string[];
  /** Escaped; absent for what belongs to no version. */
  readonly version?: string;
  /** True if what is removed may not be had again: upstream may have lost it. */
  readonly unsafe: boolean;
  readonly removals: readonly { readonly names: readonly string[]; readonly removal: Removal }[];
}

/** What to remove for a rule: suffixes of the record's files, and the extracted tree. */
interface Remedy {
  readonly files: readonly string[];
  readonly tree?: true;
  readonly unsafe?: true;
}

const wholeZip: Remedy = { files: ["ziphash", "zip"], tree: true, unsafe: true };

/** The order matters where a run is cut off: a tree goes before the .partial that says it is broken. */
const remedies: ReadonlyMap<string, Remedy> = new Map<string, Remedy>([
  ["ziphash-empty", { files: ["ziphash"] }],
  ["ziphash-torn", { files: ["ziphash"] }],
  ["mod-file-empty", { files: ["mod"] }],
  ["mod-file-changed", { files: ["mod"], unsafe: true }],
  ["info-file-empty", { files: ["info"] }],
  ["info-file-torn", { files: ["info"] }],
  ["partial-extraction", { files: ["partial"], tree: true }],
  ["tree-not-as-zip", { files: [], tree: true }],
  ["zip-empty", wholeZip],
  ["zip-torn", wholeZip],
  ["zip-refused", wholeZip],
  ["zip-not-as-recorded", wholeZip],
  ["zip-not-as-go-sum", wholeZip],
]);

/** Whether contents of this rule can be repaired. */
export function isRepairable(rule: string): boolean {
  return remedies.has(rule) || rule === "stale-temporary-file";
}

/** Looks an entry up, below GOMODCACHE; undefined if it is not there or no file or directory. */
export type LookUp = (names: readonly string[]) => Removal | undefined;

/** The repair for one rule's finding about a module version. @returns undefined if there is nothing to remove */
export function repairOf(
  rule: string,
  record: readonly string[],
  version: string,
  look: LookUp,
  zipIsGood: boolean,
): ContentRepair | undefined {
  const remedy = remedies.get(rule);
  if (remedy === undefined) return undefined;
  const removals: { names: readonly string[]; removal: Removal }[] = [];
  const add = (names: readonly string[]): void => {
    const removal = look(names);
    if (removal !== undefined) removals.push({ names: names.slice(0, -1), removal });
  };
  if (remedy.tree) add(treeNames(record, version));
  for (const suffix of remedy.files) add([...record, `${version}.${suffix}`]);
  if (removals.length === 0) return undefined;
  // Without its zip a tree is the only copy.
  const unsafe = remedy.unsafe === true || (remedy.tree === true && !zipIsGood);
  return { rule, record, version, unsafe, removals };
}

/** `cache/download/<module>/@v` and a version to `<module>@<version>`. */
export function treeNames(record: readonly string[], version: string): string[] {
  const module = record.slice(2, -1);
  const last = module.pop() ?? "";
  return [...module, `${last}@${version}`];
}

/** The repairs for what a check of contents found. */
export function repairsOfContent(root: string, contents: readonly ModuleContent[], look: LookUp): ContentRepair[] {
  return contents.flatMap((content) => {
    const record = content.directory.slice(root.length + 1).split("/");
    const version = content.tree.slice(content.tree.lastIndexOf("@") + 1);
    const kinds = [...new Set(content.problems.map(({ kind }) => kind))];
    const zipIsGood = content.files.zip !== undefined && !kinds.some((kind) => kind.startsWith("zip-"));
    const repairs = kinds.map((kind) => repairOf(kind, record, version, look, zipIsGood));
    return repairs.filter((repair) => repair !== undefined);
  });
}

/** Each entry once, though several rules may find it. */
export function withoutRepeats(repairs: readonly ContentRepair[]): ContentRepair[] {
  const seen = new Set<string>();
  return repairs.flatMap((repair) => {
    const removals = repair.removals.filter(({ names, removal }) => {
      const key = [...names, removal.name].join("/");
      return !seen.has(key) && seen.add(key);
    });
    return removals.length === 0 ? [] : [{ ...repair, removals }];
  });
}
