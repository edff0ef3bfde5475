// Asks `why` about what was refused: which path component refuses, and what would change it. Refusals with one reason are one finding.
import { posix } from "node:path";
import type { Facts } from "../facts/facts.ts";
import type { Fix } from "../finding/finding.ts";
import type { Denial, TraceFinding } from "../finding/trace.ts";
import { kindOf } from "../gocache/kind.ts";
import type { MachineWorld } from "../host/world.ts";
import { explainPath } from "../oracle/explain-path.ts";
import { mayAccess } from "../permission/access.ts";
import { type Chain, drawChain } from "../permission/chain.ts";
import type { Ask } from "../permission/decision.ts";
import { formatSubject, type Subject } from "../permission/subject.ts";
import { Unseen } from "../permission/world.ts";
import { shellQuote } from "../rules/shared/say.ts";
import { type Area, areaOf } from "./areas.ts";
import type { Refusal, RefusedPath } from "./collector.ts";

interface Question {
  readonly path: string;
  readonly need: Ask;
}

interface Judged {
  readonly refusal: Refusal;
  readonly refused: RefusedPath;
  readonly question: Question;
  readonly chain: Chain;
}

/** Findings that are explained; a build that is refused for more different reasons has one reason that is not among them. */
const mostFindings = 100;

export type Explained = Omit<TraceFinding, "role" | "said" | "note">;

/** @param refusals of absolute paths, in the order of their first time */
export function explainRefusals(
  refusals: readonly Refusal[],
  facts: Facts,
  world: MachineWorld,
  areas: readonly Area[],
): Explained[] {
  const judged = world.settle(() => refusals.map((refusal) => judge(refusal, facts, world)));
  const groups = new Map<string, Judged[]>();
  for (const one of judged) {
    const key = keyOf(one);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [one]);
    else group.push(one);
  }
  return [...groups.values()].slice(0, mostFindings).map((group) => findingOf(group, facts, world, areas));
}

/** Of rename(2) and link(2) either path may have been refused: the one that is refused now. */
function judge(refusal: Refusal, facts: Facts, world: MachineWorld): Judged {
  const all = refusal.paths.map((refused): Judged => {
    const question = questionOf(refused, world);
    const chain = drawChain(world, refusal.seen.subject, facts.kernel, question.path, question.need);
    return { refusal, refused, question, chain };
  });
  return all.find(refuses) ?? (all[0] as Judged);
}

/** A path that is gone by now says nothing about the refusal. */
function refuses({ chain }: Judged): boolean {
  return chain.verdict === "no" && chain.links.at(-1)?.by !== "absent";
}

function questionOf({ path, wanted }: RefusedPath, world: MachineWorld): Question {
  // Who only wants to reach a path needs nothing of the file itself.
  if (wanted === "look") return { path: posix.dirname(path), need: "execute" };
  if (wanted !== "open") return { path, need: wanted };
  return { path, need: world.look(path) === "absent" ? "create" : "lock" };
}

function keyOf({ refusal, refused, question, chain }: Judged): string {
  const who = `${formatSubject(refusal.seen.subject)} ${[...refusal.seen.subject.capabilities].join()}`;
  const { decisive } = chain;
  const by = decisive?.decision?.by ?? "none";
  if (decisive?.decision === undefined)
    return `${who}\0${refusal.errno}\0${posix.dirname(refused.path)}\0${question.need}`;
  return `${who}\0${decisive.path}\0${decisive.need}\0${by}`;
}

function findingOf(group: readonly Judged[], facts: Facts, world: MachineWorld, areas: readonly Area[]): Explained {
  const first = group[0] as Judged;
  const { seen } = first.refusal;
  const self = facts.subject.subject;
  const name = seen.subject.uid === self.uid ? facts.subject.name : facts.userNames.get(seen.subject.uid);
  const { name: _, ...ofSubject } = facts.subject;
  const subject = { ...ofSubject, subject: seen.subject, ...(name === undefined ? {} : { name }) };
  const why = explainPath({ ...facts, subject }, world, first.question.path, first.question.need);
  const wider = wholeTree(first, seen.subject, world);
  return {
    credentials: seen.known,
    why: wider === undefined ? why : { ...why, fixes: [wider, ...why.fixes] },
    denials: group.map((judged) => denialOf(judged, areas)),
    count: group.reduce((sum, { refusal }) => sum + refusal.count, 0),
  };
}

/** What a path is to go, by its name here or in its container: `--cache-dir` may be either. @returns with that name */
export function areaOfRefused({ path, inside }: RefusedPath, areas: readonly Area[]): [Area, string] | undefined {
  for (const name of inside === undefined ? [path] : [path, inside]) {
    const area = areaOf(name, areas);
    if (area !== undefined) return [area, name];
  }
  return undefined;
}

function denialOf({ refusal, refused }: Judged, areas: readonly Area[]): Denial {
  const { call, errno, seen, first, count } = refusal;
  const [area, path] = areaOfRefused(refused, areas) ?? [];
  const kind =
    area?.name === "module cache" && path !== undefined
      ? kindOf(path.slice(area.path.length + 1), refused.wanted === "execute")
      : undefined;
  return {
    call,
    errno,
    path: refused.path,
    ...(refused.inside === undefined ? {} : { inside: refused.inside }),
    ...(refused.cut ? { cut: true as const } : {}),
    wanted: refused.wanted,
    process: seen.process,
    count,
    ...(first === undefined ? {} : { first }),
    ...(area === undefined ? {} : { area: area.name }),
    ...(kind === undefined ? {} : { kind }),
  };
}

/**
 * Where what lies below the refusing directory is closed as well, one grant leads to the next refusal: then the smallest fix is
 * one for the tree. Only for reading: to write, a cache needs a contract.
 */
function wholeTree({ chain, question, refused }: Judged, subject: Subject, world: MachineWorld): Fix | undefined {
  const { decisive } = chain;
  const by = decisive?.decision?.by;
  if (
    decisive === undefined ||
    decisive.need !== "execute" ||
    !(by === "other" || by === "group" || by === "acl-other")
  )
    return undefined;
  if (!question.path.startsWith(`${decisive.path}/`)) return undefined;
  let path = decisive.path;
  for (const name of refused.path.slice(decisive.path.length + 1).split("/")) {
    path = `${path}/${name}`;
    const entry = world.look(path);
    if (entry === "absent" || entry instanceof Unseen) return undefined;
    const need = entry.type === "directory" ? "execute" : "read";
    if (entry.type !== "symlink" && mayAccess(entry, subject, need).verdict === "no")
      return {
        title: `let user ${subject.uid} read all that is in it: what is below is closed as well`,
        disposition: "unsafe",
        command: `find ${shellQuote(decisive.path)} -xdev ! -type l -exec setfacl -m u:${subject.uid}:rX {} +`,
      };
  }
  return undefined;
}
