// Whether this user may do what go was refused: the permission chain of the path, with the component that decides.
import type { Cause } from "../causes/cause.ts";
import type { ChainLink } from "../finding/answer.ts";
import type { Proof } from "../finding/failure.ts";
import type { FindingPath } from "../finding/finding.ts";
import { explainPath } from "../oracle/explain-path.ts";
import type { Ask } from "../permission/decision.ts";
import type { Scene } from "./scene.ts";

/** What go wanted of a path, by the call that its message names: the first that is refused is what it met. */
const wanted: readonly (readonly [pattern: RegExp, asks: readonly Ask[]])[] = [
  [/\b(mkdir|mkdirat|could not create)\b/, ["create", "execute", "write"]],
  [/\b(unlinkat|remove|rmdir|openfdat)\b/, ["delete", "write"]],
  [/\bchmod\b/, ["chmod"]],
  [/\brename\b/, ["rename", "create"]],
  [/\bfork\/exec\b|\bexec:/, ["execute"]],
  [/\.lock: /i, ["lock", "create"]],
  [/\.tmp: |\bwriting\b|\bwrite\b/, ["create", "write"]],
];
const usual: readonly Ask[] = ["read", "execute", "write", "create"];

/** @returns undefined if the cause names no path */
export function proveRights({ cause, facts, world }: Pick<Scene, "cause" | "facts" | "world">): Proof | undefined {
  const [path] = cause.paths;
  if (path === undefined || !path.startsWith("/")) return undefined;
  for (const ask of asksOf(cause)) {
    const answer = explainPath(facts, world, path, ask);
    const link = answer.chain.find(({ verdict }) => verdict === "no");
    if (answer.verdict !== "no" || link === undefined || link.by === "absent" || link.because === "it exists already")
      continue;
    const [fix] = answer.fixes;
    return {
      verdict: "yes",
      message: `${link.because}${link.path === path ? "" : `, so that ${path} is out of reach`}`,
      path: shown(link),
      who: whoCan(link),
      ...(fix === undefined ? {} : { fix }),
    };
  }
  return {
    verdict: "no",
    message: `this user may use ${path} now: it has changed, or go was stopped by something else`,
  };
}

function asksOf({ evidence }: Cause): readonly Ask[] {
  const known = wanted.find(([pattern]) => pattern.test(evidence.text))?.[1] ?? [];
  return [...new Set([...known, ...usual])];
}

function shown({ path, owner, group, mode }: ChainLink): FindingPath {
  return { path, owner, group, mode };
}

/** Modes and ACLs are the owner's to change, mounts and attributes only root's. */
function whoCan({ by, owner }: ChainLink): string {
  const isOwners = !["read-only-mount", "noexec-mount", "immutable", "append-only", "unmapped-owner"].includes(by);
  return isOwners && owner !== "root" && owner !== "0" ? `${owner} or root` : "root";
}
