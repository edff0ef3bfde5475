// Walks a cache, or the part that one project uses, past the rules, and tells what could not be seen.
import { lstatSync, type Stats } from "node:fs";
import { setImmediate } from "node:timers/promises";
import type { Facts } from "../facts/facts.ts";
import { grouped } from "../finding/number.ts";
import { show, toBytes } from "../host/bytes.ts";
import { DarwinAttributes } from "../host/macos/attributes.ts";
import { type Platform, thisPlatform } from "../host/macos/tools.ts";
import type { Rule } from "../rules/rule.ts";
import { AclSearch } from "../tree/acl-search.ts";
import { tour } from "../tree/tour.ts";
import { Walk, type WalkOptions } from "../tree/walk.ts";
import { Watchdog } from "../tree/watchdog.ts";
import { type AclMode, Collector } from "./collect.ts";
import type { Directory, Ground } from "./directory.ts";
import { type ModulePlace, projectStarts } from "./project.ts";
import { lookAbove, reachOf } from "./reach.ts";
import { type RuleAnswer, Tally } from "./tally.ts";

export interface SurveyOptions {
  /** Only these modules; the whole cache if absent. */
  readonly modules?: readonly ModulePlace[];
  /** Whether file systems that are mounted in the cache are walked too. */
  readonly crossMounts?: boolean;
  /** Whether getfacl is asked about every entry at once, rather than about those that could have an ACL first. */
  readonly everyAcl?: boolean;
  /** How many examples a rule gets to see. */
  readonly examples: number;
  /** Called every few milliseconds. */
  readonly onProgress?: (entries: number, path: string) => void;
  readonly signal?: AbortSignal;
  /** The program of a walking thread, where it is not beside this one; without one, this thread walks alone. */
  readonly walkWorker?: URL;
  /** How a Mac is asked, where the facts are of one; this machine if absent. */
  readonly platform?: Platform;
}

export interface Survey {
  readonly answers: readonly RuleAnswer[];
  readonly entries: number;
  /** What could not be seen, a sentence each. */
  readonly unseen: readonly string[];
}

/** Milliseconds. Between slices getfacl is fed, progress is shown and signals are handled. */
const slice = 10;
/** Milliseconds before the walk over the part of one project gets threads: most of it is done while one would start. */
const soonOfProject = 250;
/** How many entries wait for their ACLs at a time. */
const mostHeld = 4_000;
/** File systems that have no POSIX ACLs. */
const withoutAcls: ReadonlySet<string> = new Set(["vfat", "exfat", "msdos", "iso9660", "squashfs"]);

/**
 * Shows every entry and module version of the cache at `facts.cache.realPath` to the rules.
 * ACLs cost more than all the rest and are rare: they are asked for while the walk presumes that there are none, only of
 * entries that could have one; if one is found, everything is walked again with the ACL of every entry.
 * @throws the signal's reason, if it was aborted
 */
export async function survey(rules: readonly Rule[], facts: Facts, options: SurveyOptions): Promise<Survey> {
  const root = facts.cache.realPath;
  let stats: Stats;
  try {
    stats = lstatSync(toBytes(root));
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    return { answers: [], entries: 0, unseen: [`${show(root)} could not be looked at (${code})`] };
  }
  const darwin = facts.platform === "darwin" ? new DarwinAttributes(options.platform ?? thisPlatform) : undefined;
  const { subject } = facts.subject;
  const aboveAll = await lookAbove(root, facts, darwin);
  const ground: Ground = { root, subject, above: reachOf(aboveAll, subject), aboveAll, darwin };
  // Every entry is asked for its ACL there: it says more than the mode, and its directory's says little of it.
  if (darwin !== undefined) return (await new Pass(rules, facts, ground, stats, options, "exact").run()) as Survey;
  if (!hasAcls(facts)) return (await new Pass(rules, facts, ground, stats, options, "ignored").run()) as Survey;
  if (options.everyAcl !== true) {
    const presumed = await new Pass(rules, facts, ground, stats, options, "presumed").run();
    if (presumed !== "has ACLs") return presumed;
  }
  return (await new Pass(rules, facts, ground, stats, options, "exact").run()) as Survey;
}

/** Thrown to end a walk that presumed wrongly. */
const hasAclsSignal = Symbol("an ACL was found");

function hasAcls(facts: Facts): boolean {
  const { mount } = facts.cache;
  if ("unseen" in facts.acls) return false;
  return mount === undefined || !(mount.options.includes("noacl") || withoutAcls.has(mount.type));
}

class Pass {
  private readonly tally: Tally;
  private readonly collector: Collector;
  private readonly walk: Walk<Directory>;
  private readonly walkOptions: WalkOptions;
  private readonly refused: string[] = [];
  private readonly aclSearch = new AclSearch();
  private aclProblem: string | undefined;
  private readonly root: string;
  private watchdog: Watchdog | undefined;

  constructor(
    rules: readonly Rule[],
    facts: Facts,
    ground: Ground,
    stats: Stats,
    private readonly options: SurveyOptions,
    private readonly mode: AclMode,
  ) {
    this.root = ground.root;
    this.tally = new Tally(rules, facts, options.examples);
    this.collector = new Collector(facts, this.tally, ground, mode, Date.now());
    const root = this.collector.enterRoot(stats);
    const refuse = (path: string, error: unknown): void => {
      this.refused.push(`${show(path)} could not be looked at (${(error as NodeJS.ErrnoException).code})`);
    };
    const starts =
      options.modules === undefined
        ? [{ path: ground.root, directory: root }]
        : projectStarts(root, options.modules, this.collector, refuse);
    const mounts = "value" in facts.mounts ? facts.mounts.value.map(({ mountPoint }) => mountPoint) : [];
    this.walkOptions = {
      ...(options.crossMounts === true ? {} : { device: stats.dev }),
      mountPoints: new Set(mounts.filter((mountPoint) => mountPoint.startsWith(`${ground.root}/`))),
      // Extracted directories are met before their records.
      last: `${ground.root}/cache`,
    };
    this.walk = new Walk(this.collector, starts, this.walkOptions);
  }

  async run(): Promise<Survey | "has ACLs"> {
    try {
      if (this.mode === "exact") await this.walkExactly();
      else await this.walkPresuming();
      this.aclProblem ??= await this.aclSearch.finish();
    } catch (error) {
      if (error !== hasAclsSignal) throw error;
    } finally {
      this.watchdog?.stop();
      this.walk.stop();
      this.aclSearch.stop();
    }
    if (this.aclSearch.found) return "has ACLs";
    // The records of extracted directories that no `@v` directory spoke of.
    this.collector.records?.finishAll();
    return { answers: this.tally.conclude(), entries: this.collector.entries, unseen: this.unseen() };
  }

  private async walkExactly(): Promise<void> {
    const isFull = (): boolean => this.collector.waiting >= mostHeld;
    for (let more = true; more; ) {
      more = this.walk.advance(slice, isFull);
      if (isFull() || !more) this.aclProblem ??= await this.collector.settle();
      await this.pause();
      await setImmediate();
    }
  }

  private async walkPresuming(): Promise<void> {
    const { modules, walkWorker } = this.options;
    const patience = modules === undefined ? undefined : soonOfProject;
    await tour(this.walk, this.collector, this.walkOptions, () => this.pause(), walkWorker, patience);
  }

  /** What is done every few milliseconds. @throws to end the walk */
  private async pause(): Promise<void> {
    const { collector, options, aclSearch } = this;
    // The part that one project uses is walked before a thread has started.
    if (options.modules === undefined) this.watchdog ??= new Watchdog(this.root);
    this.watchdog?.beat();
    options.onProgress?.(collector.entries, show(this.walk.current));
    options.signal?.throwIfAborted();
    if (this.mode === "presumed") await aclSearch.ask(collector.suspects.splice(0));
    if (aclSearch.found) throw hasAclsSignal;
  }

  private unseen(): string[] {
    const { refused, collector, aclProblem } = this;
    const { missed } = this.walk;
    const unseen: string[] = [];
    if (missed.unreadCount > 0) {
      const examples = missed.unread.map(({ path, reason }) => `${show(path)}: ${reason}`);
      unseen.push(`${countOf(missed.unreadCount, "place")} could not be read: ${listed(examples, missed.unreadCount)}`);
    }
    if (missed.mountCount > 0) {
      const mounts = listed(missed.mounts.map(show), missed.mountCount);
      unseen.push(`${countOf(missed.mountCount, "mounted file system")} in the cache left out: ${mounts}`);
    }
    if (refused.length > 0) unseen.push(listed(refused.slice(0, 20), refused.length));
    const untold = collector.records?.untold ?? 0;
    if (untold > 0) {
      unseen.push(`of ${countOf(untold, "module version")} it could not be told whether it is complete`);
    }
    if (aclProblem !== undefined) unseen.push(`ACLs could not be read: ${aclProblem}`);
    return unseen;
  }
}

function countOf(count: number, what: string): string {
  return `${grouped(count)} ${what}${count === 1 ? "" : "s"}`;
}

function listed(examples: readonly string[], count: number): string {
  const more = count - examples.length;
  return examples.join("; ") + (more > 0 ? `; and ${grouped(more)} more` : "");
}
