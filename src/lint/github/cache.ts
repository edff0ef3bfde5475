// The steps of a job that restore go's caches.
import type { Around } from "../rule.ts";
import type { Field } from "../yaml/field.ts";
import { commandsIn, inputOf } from "./job.ts";
import type { Job, Step } from "./model.ts";

export interface Restore {
  readonly step: Step;
  /** Where the action is named. */
  readonly field: Field;
  readonly by: "setup-go" | "cache" | "golangci-lint-action";
  /** As a message says it. */
  readonly name: string;
  readonly holds: ReadonlySet<"modules" | "builds">;
}

/**
 * In the order of the steps; only what is sure to restore if there is something to be restored. Steps with an `if` are left out, and all
 * of a job where the caches are not at go's usual places, since then the paths cannot be compared.
 */
export function restoresOf(job: Job, around: Around): Restore[] {
  if (job.container !== undefined || movesCaches(job)) return [];
  return job.steps.flatMap((step): Restore[] => {
    const { action } = step;
    if (action === undefined || step.conditional) return [];
    const { field } = action;
    if (action.name === "actions/setup-go" && cachesBySetup(step, around))
      return [{ step, field, by: "setup-go", name: "setup-go", holds: new Set(["modules", "builds"]) }];
    if (action.name === "actions/cache" && (action.path === "" || action.path === "restore")) {
      const holds = pathsOf(step);
      const name = action.path === "" ? "actions/cache" : "actions/cache/restore";
      return holds.size === 0 || inputOf(step, "lookup-only") === "true"
        ? []
        : [{ step, field, by: "cache", name, holds }];
    }
    if (action.name !== "golangci/golangci-lint-action") return [];
    const holds = heldByLinter(step);
    return holds.size === 0 ? [] : [{ step, field, by: "golangci-lint-action", name: "golangci-lint-action", holds }];
  });
}

/** True if anything in the workflow says where the caches are, or could. */
function movesCaches(job: Job): boolean {
  const names = ["GOMODCACHE", "GOCACHE", "GOPATH", "XDG_CACHE_HOME", "HOME"];
  if (names.some((name) => job.env.has(name))) return true;
  return commandsIn(job).some(({ words, writes, assignments }) => {
    const said = [...words, ...assignments].some(({ value }) => /GOMODCACHE=|GOCACHE=|GOPATH=/.test(value));
    const kept = writes.some(({ value }) => /GITHUB_ENV/.test(value));
    return said && (kept || (words[0]?.value === "go" && words[1]?.value === "env"));
  });
}

/** By default since version 4 (release notes of v4.0.0), and only if its dependency file is there: go.sum, or go.mod in later ones. */
function cachesBySetup(step: Step, around: Around): boolean {
  const cache = step.inputs?.get("cache");
  const given = inputOf(step, "cache");
  if (cache !== undefined && given !== "true") return false;
  const { major } = step.action ?? {};
  if (cache === undefined && (major === undefined || major < 4)) return false;
  if (step.inputs?.get("cache-dependency-path") !== undefined) return true;
  return around.has("go.sum") !== false || (major !== undefined && major > 5 && around.has("go.mod") !== false);
}

function pathsOf(step: Step): Set<"modules" | "builds"> {
  const holds = new Set<"modules" | "builds">();
  for (const line of (inputOf(step, "path") ?? "").split("\n")) {
    const path = line.trim().replace(/\/+$/, "");
    if (/^~\/go(\/pkg(\/mod)?)?$/.test(path)) holds.add("modules");
    if (/^~\/\.cache(\/go-build)?$/.test(path)) holds.add("builds");
  }
  return holds;
}

/** Versions 2 to 4 kept ~/go/pkg and ~/.cache/go-build too; version 5 left them to setup-go (golangci-lint-action#1024). */
function heldByLinter(step: Step): Set<"modules" | "builds"> {
  const { major } = step.action ?? {};
  const holds = new Set<"modules" | "builds">();
  if (major === undefined || major < 2 || major > 4) return holds;
  const skips = (name: string): boolean => step.inputs?.get(name) !== undefined && inputOf(step, name) !== "false";
  if (skips("skip-cache")) return holds;
  if (!skips("skip-pkg-cache")) holds.add("modules");
  if (!skips("skip-build-cache")) holds.add("builds");
  return holds;
}
