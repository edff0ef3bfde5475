// Bringing a cache under a contract, from the directory to the result: open, survey, plan, apply.
import { readdirSync } from "node:fs";
import type { Contract } from "../contract/contract.ts";
import { departure } from "../contract/departure.ts";
import { wantedMode } from "../contract/shape.ts";
import { exitStatus, UserError } from "../error.ts";
import type { ModuleContent } from "../facts/content.ts";
import type { Facts } from "../facts/facts.ts";
import { mountPointsBelow } from "../host/mounts.ts";
import { readSystemFile } from "../host/read-text.ts";
import { areHardLinksProtected } from "../host/sysctl.ts";
import { isFullMap } from "../permission/subject.ts";
import { readDarwinStates } from "../tree/darwin-change.ts";
import { pathAt, sitting, statPinned } from "../tree/pin.ts";
import { BadRoot, type NewDirectory, openRoot, type Root } from "../tree/root.ts";
import type { Broken } from "./broken.ts";
import { type ContentRepair, repairOf, repairsOfContent, withoutRepeats } from "./content.ts";
import type { Plan } from "./plan.ts";
import { dangerOf, hasMarks } from "./refusal.ts";
import { lookUpIn } from "./remove.ts";
import { withinRights } from "./rights.ts";
import { surveyContract } from "./survey.ts";
import { closedAbove } from "./way-in.ts";

export interface OpenOptions {
  readonly facts: Facts;
  /** Makes the directory if it is missing, with this contract. */
  readonly contract?: Contract;
  /** The directory once more, as confirmation that it may be taken although it has no marks of a cache. */
  readonly adopt?: string;
  readonly homes: readonly string[];
}

/** Opens the cache, by its path as it was given: links are followed only if nobody else could have put them there. */
export function openCache(path: string, { facts, contract, adopt, homes }: OpenOptions): Root {
  const refuse = (why: string): never => {
    throw new UserError(`${path} cannot be the module cache: ${why}`, "name another directory with --cache-dir DIR");
  };
  const danger = dangerOf(path, homes);
  if (danger !== undefined) refuse(danger);
  const euid = facts.self.uid;
  // A plain user cannot be led further than their own rights go.
  const trusted = (uid: number): boolean => euid !== 0 || uid === 0;
  let root: Root;
  try {
    root = openRoot(path, trusted, ...(contract === undefined ? [] : [newDirectory(contract)]));
  } catch (error) {
    if (!(error instanceof BadRoot)) throw error;
    const isRight = error.code === "EACCES" || error.code === "EPERM";
    throw new UserError(error.message, hintFor(error), isRight ? exitStatus.privilege : exitStatus.findings);
  }
  const real = dangerOf(root.path, homes);
  if (real !== undefined) refuse(`it leads to ${root.path}, and ${real}`);
  const marks = adopt === undefined ? looksLikeCache(root) : true;
  if (marks === "hidden")
    throw new UserError(
      `${root.path}/cache may not be read by user ${euid}, so that nothing tells whether this is a module cache`,
      "run it as root with its capabilities, or as the owner",
      exitStatus.privilege,
    );
  if (!marks)
    throw new UserError(
      `${root.path} is not empty and has no cache/download: it does not look like a module cache`,
      `if it shall be one all the same, say so with --adopt ${root.path}`,
      exitStatus.findings,
    );
  if (adopt !== undefined && adopt !== root.path)
    throw new UserError(`--adopt names ${adopt}, but the cache is ${root.path}`, "give the same directory twice");
  return root;
}

function hintFor({ code }: BadRoot): string {
  if (code === "EACCES" || code === "EPERM") return "run it as root, or as a user who may";
  if (code === "ELOOP") return "name the directory itself with --cache-dir DIR, or run this as that user";
  return "name another directory with --cache-dir DIR";
}

function newDirectory(contract: Contract): NewDirectory {
  return { uid: contract.uid, gid: contract.gid, mode: wantedMode("root", true, 0, contract) };
}

function looksLikeCache(root: Root): boolean | "hidden" {
  let hidden = false;
  const list = (name: string): string[] => {
    try {
      return sitting(() => readdirSync(pathAt(root.fd, name)));
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      hidden ||= code === "EACCES" || code === "EPERM";
      return [];
    }
  };
  return hasMarks(list("."), list("cache")) || (hidden ? "hidden" : false);
}

export interface PlanOptions {
  /** UIDs besides root and the owner whose entries may be given to the owner. */
  readonly from?: readonly number[];
  /** Whether to look at every entry even if owner and group of the cache's top are as they should be. */
  readonly deep: boolean;
  /** False to look at owners and modes only. */
  readonly readAcls: boolean;
  /** Whether to read the ACL of every entry, rather than of those that could have one. */
  readonly everyAcl: boolean;
  readonly hardLinks?: boolean;
  /** Whether broken contents are looked for. */
  readonly contents: boolean;
  /** Entries that were changed last before this moment were found in order, by an earlier run. */
  readonly knownUntil?: number;
  /** Whether files of root's are changed even where others could have linked them in. */
  readonly trustTree?: boolean;
  readonly onProgress?: (entries: number, path: string) => void;
  readonly worker?: URL;
}

/** Surveys the cache and plans what this user can do about it. Nothing is changed. */
export async function planRepair(
  root: Root,
  contract: Contract,
  facts: Facts,
  options: PlanOptions,
): Promise<Plan & { broken: readonly Broken[] }> {
  const stats = statPinned(root.fd);
  const top = { isDirectory: true, uid: stats.uid, gid: stats.gid, mode: stats.mode & 0o7777 };
  const ofTop = departure("root", top, undefined, contract);
  const matches = ofTop === undefined || (ofTop.uid === top.uid && ofTop.gid === top.gid);
  const mounts = "value" in facts.mounts ? facts.mounts.value : [];
  const { uidMap, uid } = facts.self;
  const isDarwin = contract.darwin !== undefined;
  const linkable = uid === 0 && options.trustTree !== true && !areHardLinksProtected(readSystemFile);
  const surveyed = await surveyContract(root, contract, {
    // Whoever owns the cache's top hands it over with all that is theirs.
    owners: new Set([0, contract.uid, stats.uid, ...(options.from ?? [])]),
    acls: isDarwin || (options.readAcls && !("unseen" in facts.acls)),
    // There everything can have a list, and what changed it last does not tell.
    everyAcl: isDarwin || options.everyAcl,
    ...(isDarwin ? { askAcls: readDarwinStates } : {}),
    hardLinks: options.hardLinks === true,
    readHashes: options.contents,
    ...(options.knownUntil === undefined ? {} : { knownUntil: options.knownUntil }),
    linkable,
    ...(isFullMap(uidMap) ? {} : { unmapped: 65534 }),
    mountPoints: new Set(mountPointsBelow(root.path, mounts)),
    whole: options.deep || !matches,
    ...(options.onProgress === undefined ? {} : { onProgress: options.onProgress }),
    ...(options.worker === undefined ? {} : { worker: options.worker }),
  });
  const { rootRepair, directories, ...seen } = surveyed;
  const repairs = { directories, ...(rootRepair === undefined ? {} : { rootRepair }) };
  return {
    root: root.path,
    contract,
    ...seen,
    ...withinRights(repairs, facts.self),
    contents: [],
    staying: [],
    closed: closedAbove(root.path, facts.subject.subject),
  };
}

/**
 * What has to be removed of broken contents.
 * @param broken what the walk saw
 * @param contents what a check of all contents found, if there was one
 */
export function planContents(
  root: Root,
  broken: readonly Broken[],
  contents: readonly ModuleContent[],
): ContentRepair[] {
  const look = lookUpIn(root);
  const seen = broken.flatMap(({ rule, record, name }): ContentRepair | ContentRepair[] => {
    if (rule === "stale-temporary-file") {
      const removal = look([...record, name]);
      return removal === undefined ? [] : [{ rule, record, unsafe: false, removals: [{ names: record, removal }] }];
    }
    const version = name.slice(0, name.lastIndexOf("."));
    const zipIsGood = look([...record, `${version}.zip`]) !== undefined;
    return repairOf(rule, record, version, look, zipIsGood) ?? [];
  });
  return withoutRepeats([...seen, ...repairsOfContent(root.path, contents, look)]);
}
