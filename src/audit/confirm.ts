// Looks at this machine for what a cause says: a doctor's visit to what the failure was about, and nothing else.
import { dirname } from "node:path";
import { findCommand } from "../child/find-command.ts";
import type { Proof } from "../finding/failure.ts";
import { openWorld, readFacts } from "../host/facts.ts";
import { lockHolders } from "../host/go-users.ts";
import { readSpace } from "../host/space.ts";
import type { MachineWorld } from "../host/world.ts";
import { Unseen } from "../permission/world.ts";
import { pathOf, shellQuote, userName } from "../rules/shared/say.ts";
import { proveByRules } from "./prove-by-rules.ts";
import { proveRights } from "./prove-rights.ts";
import type { Scene } from "./scene.ts";

const nothing: Proof = { verdict: "unknown", message: "this machine holds nothing that could show it" };

/** Never throws: where the look itself fails, that is what is told. */
export async function confirm(request: Omit<Scene, "facts" | "world">): Promise<Proof> {
  const { cause, env, cwd } = request;
  if (cause.where === "server")
    return (
      proveByRelay(request) ?? { ...nothing, message: "it happened on the server that answered, not on this machine" }
    );
  if (cause.category === "net" || cause.category === "auth") return proveByRelay(request) ?? nothing;
  try {
    const world = openWorld();
    const scene: Scene = { ...request, world, facts: readFacts({ environment: env, directory: cwd }, world) };
    return await prove(scene);
  } catch (error) {
    return { verdict: "unknown", message: `the look at this machine failed: ${(error as Error).message}` };
  }
}

async function prove(scene: Scene): Promise<Proof> {
  const { category } = scene.cause;
  if (category === "lock") return proveLock(scene) ?? (await proveByRules(scene)) ?? nothing;
  if (category === "space") return withFix(proveSpace(scene), await proveByRules(scene)) ?? nothing;
  if (category === "fs" || category === "exec") {
    const rights = proveRights(scene);
    const byRules = await proveByRules(scene);
    if (rights?.verdict === "yes") return withFix(rights, byRules) ?? rights;
    return byRules ?? rights ?? nothing;
  }
  const byVcs = category === "vcs" ? proveVcs(scene) : undefined;
  return byVcs ?? (await proveByRules(scene)) ?? proveByRelay(scene) ?? nothing;
}

/** What was seen directly, with the doctor's remedy, which knows the whole cache. */
function withFix(seen: Proof | undefined, byRules: Proof | undefined): Proof | undefined {
  if (seen === undefined || byRules === undefined) return seen ?? byRules;
  const { fix = seen.fix, rule } = byRules;
  return { ...seen, ...(fix === undefined ? {} : { fix }), ...(rule === undefined ? {} : { rule }) };
}

/** The relay spoke to the proxy itself: what it saw is the proof. */
function proveByRelay({ events, cause }: Pick<Scene, "events" | "cause">): Proof | undefined {
  const seen = events.flatMap((event) => (event.event === "module-accessed" && !event.hit ? [event] : []));
  const failed = seen.filter(({ error, status }) => error !== undefined || (status ?? 0) >= 400);
  const ofModule = failed.filter(({ module }) => module === cause.module?.path);
  const last = (ofModule.length > 0 ? ofModule : failed).at(-1);
  if (last === undefined) {
    const empty = seen.find(({ what, bytes, status }) => what === "mod" && status === 200 && bytes === 0);
    if (empty === undefined) return undefined;
    return {
      verdict: "yes",
      message: `${empty.source} sent an empty go.mod for ${empty.module} ${empty.version ?? ""}`,
    };
  }
  const what = `${last.module}${last.version === undefined ? "" : `@${last.version}`} (${last.what})`;
  const how = last.error?.message ?? `it answered with status ${last.status}`;
  return { verdict: "yes", message: `asked ${last.source} for ${what}: ${how}` };
}

function proveLock({ cause, facts }: Scene): Proof | undefined {
  const [path] = cause.paths;
  if (path === undefined) return undefined;
  const holders = lockHolders(path);
  if (holders.length === 0) return undefined;
  const running = "value" in facts.runningGo ? facts.runningGo.value : [];
  const named = holders.map((pid) => {
    const process = running.find((candidate) => candidate.pid === pid);
    return process === undefined
      ? `process ${pid}`
      : `process ${pid} of ${userName(process.uid, facts)}: ${process.command}`;
  });
  return { verdict: "yes", message: `${path} is locked by ${named.join(", ")}` };
}

/** Git is not there, or the project is another user's, in whose repositories git (2.35.2 and newer) does nothing. */
function proveVcs({ env, cwd, world, facts, cause }: Scene): Proof | undefined {
  const git = findCommand("git", env);
  if (!("file" in git)) return { verdict: "yes", message: `there is no git on PATH (${env["PATH"] ?? ""})` };
  if (!/status 128|dubious|VCS/.test(cause.evidence.text)) return undefined;
  for (let at = cwd; ; at = dirname(at)) {
    const repository = world.look(`${at === "/" ? "" : at}/.git`);
    const tree = world.look(at);
    if (repository !== "absent" && !(tree instanceof Unseen) && tree !== "absent") {
      const { uid } = facts.subject.subject;
      if (tree.uid === uid || cause.paths.some((path) => path.includes("/cache/vcs/"))) return undefined;
      const path = pathOf(at, tree, facts);
      return {
        verdict: "yes",
        message: `${at} belongs to ${path.owner}, so that git refuses to work in it`,
        path,
        fix: {
          title: "Tell git that this tree is trusted: its hooks and settings then run as you",
          disposition: "unsafe",
          command: `git config --global --add safe.directory ${shellQuote(at)}`,
        },
      };
    }
    if (at === "/") return undefined;
  }
}

/** A file system counts as full where an ordinary file would not fit any more. */
const little = 1024 * 1024;

function proveSpace({ cause, world, facts }: Scene): Proof | undefined {
  const places = [
    ...cause.paths,
    facts.cache.path,
    facts.go.env["GOCACHE"] ?? "",
    facts.environment["TMPDIR"] ?? "/tmp",
  ];
  for (const place of places) {
    const path = existing(place, world);
    if (path === undefined) continue;
    const space = readSpace(path);
    const mount = world.mountAt(path);
    if (space === undefined) continue;
    const { freeBytes, totalBytes, freeInodes, totalInodes } = space;
    const noInodes = totalInodes > 0 && freeInodes < Math.max(16, totalInodes / 1000);
    if (freeBytes >= little && !noInodes) continue;
    const where = mount === undefined ? path : `${mount.mountPoint} (${mount.type})`;
    const free = noInodes
      ? `${freeInodes} of ${totalInodes} inodes`
      : `${Math.floor(freeBytes / 1024)} KiB of ${Math.floor(totalBytes / 1024 / 1024)} MiB`;
    const entry = world.look(path);
    return {
      verdict: "yes",
      message: `${where} has ${free} left`,
      ...(entry === "absent" || entry instanceof Unseen ? {} : { path: pathOf(path, entry, facts) }),
    };
  }
  return undefined;
}

/** The path, or the nearest directory above it that is there. */
function existing(path: string, world: MachineWorld): string | undefined {
  if (!path.startsWith("/")) return undefined;
  for (let at = path; ; at = dirname(at)) {
    const entry = world.look(at);
    if (entry !== "absent" && !(entry instanceof Unseen)) return at;
    if (at === "/") return undefined;
  }
}
