// What an experiment works with: a directory, programs as several users, and a record of what it showed.
import { chmodSync, chownSync, mkdirSync } from "node:fs";
import { posix } from "node:path";
import { systemPath } from "../host/system-path.ts";
import { UserDatabase } from "../host/users.ts";
import { shellQuote } from "../rules/shared/say.ts";
import { locateGo } from "./needs.ts";
import type { Environment } from "./place.ts";
import { Programs, type Ran } from "./program.ts";
import type { Claim, Shown, Step } from "./record.ts";

/** Who runs a command of an experiment. */
export interface Actor {
  readonly uid: number;
  readonly gid: number;
  readonly groups?: readonly number[];
  /** None if false: as in a container that dropped ALL. */
  readonly capabilities?: false;
}

export interface RunOptions {
  readonly as?: Actor;
  /** 022 if absent. */
  readonly umask?: number;
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly timeout?: number;
}

export interface LabSettings {
  readonly directory: string;
  readonly env: Environment;
  /** The options of the command line that experiments look at. */
  readonly startDaemon: boolean;
  /** Is told of each step, and of each part of it as soon as it is there. */
  readonly onStep: (number: number, title: string) => void;
  readonly onPart: (part: Shown | Claim) => void;
}

/** Numbers that no distribution and no service gives to users: between those of systemd-nspawn and of dynamic users. */
const firstUid = 60_801;

export class Lab {
  readonly directory: string;
  readonly programs = new Programs();
  readonly steps: { title: string; parts: (Shown | Claim)[] }[] = [];
  readonly conclusions: string[] = [];
  readonly startDaemon: boolean;
  private readonly cleanups: (() => Promise<void>)[] = [];
  private readonly users = new UserDatabase();

  constructor(private readonly settings: LabSettings) {
    this.directory = settings.directory;
    this.startDaemon = settings.startDaemon;
  }

  /** A path in the lab's directory. */
  at(...names: string[]): string {
    return posix.join(this.directory, ...names);
  }

  /** Makes a directory. @param mode 0755 if absent @param owner root if absent */
  makeDirectory(name: string, mode = 0o755, owner?: Actor): string {
    const path = this.at(name);
    mkdirSync(path, { recursive: true });
    if (owner !== undefined) chownSync(path, owner.uid, owner.gid);
    chmodSync(path, mode);
    return path;
  }

  /** The first, second, … number of those without an account here, with a group of the same number. */
  stranger(number: number): Actor {
    let found = 0;
    for (let uid = firstUid; uid < firstUid + 100; uid += 1) {
      if (this.users.userById(uid) !== undefined || this.users.groupById(uid) !== undefined) continue;
      found += 1;
      if (found === number) return { uid, gid: uid };
    }
    throw new Error("every number above 60800 has an account here");
  }

  step(title: string): void {
    this.steps.push({ title, parts: [] });
    this.settings.onStep(this.steps.length, title);
  }

  /** Runs a program as somebody, in an environment of the lab's own. */
  run(argv: readonly [string, ...string[]], options: RunOptions = {}): Promise<Ran> {
    const { as, umask = 0o022, cwd = "/", env = {}, timeout } = options;
    const script = 'umask "$0"; exec "$@"';
    const words = [...identity(as), "sh", "-c", script, umask.toString(8).padStart(3, "0"), ...argv];
    return this.programs.run(words as [string, ...string[]], {
      cwd,
      env: { PATH: systemPath, LC_ALL: "C", TMPDIR: "/tmp", ...env },
      ...(timeout === undefined ? {} : { timeout }),
    });
  }

  /**
   * Runs a program and shows it.
   * @param command how it is shown, where it is not its words
   */
  async show(
    argv: readonly [string, ...string[]],
    options: RunOptions & { readonly command?: string } = {},
  ): Promise<Ran> {
    const ran = await this.run(argv, options);
    const mask = options.umask === undefined ? "" : `umask ${options.umask.toString(8).padStart(3, "0")}; `;
    const who =
      options.as === undefined
        ? ""
        : `   # as uid ${options.as.uid}${options.as.capabilities === false ? ", without capabilities" : ""}`;
    const ending = ran.status === 0 ? "" : `(exit status ${ran.status ?? "none: killed"})\n`;
    this.shown(`${mask}${options.command ?? argv.map(shellQuote).join(" ")}${who}`, ran.output + ending);
    return ran;
  }

  /** Shows a command and what it printed; the lab's directory becomes `$LAB`. */
  shown(command: string, output: string): void {
    const short = (text: string): string => text.replaceAll(this.directory, "$LAB");
    this.part({ command: short(command), output: short(output) });
  }

  /** Says what should have happened, and whether it did. */
  claim(text: string, held: boolean): void {
    this.part({ text, held });
  }

  conclude(text: string): void {
    this.conclusions.push(text);
  }

  /** To be done at the end, however it comes; the last first. */
  cleanup(action: () => Promise<void>): void {
    this.cleanups.push(action);
  }

  /** @returns what went wrong */
  async close(): Promise<string[]> {
    this.programs.goOn();
    const problems: string[] = [];
    for (const action of this.cleanups.reverse()) {
      await action().catch((error: Error) => problems.push(error.message));
    }
    return problems;
  }

  /** The go program. @throws if there is none: the experiment's needs were to name it */
  get go(): string {
    const go = locateGo(this.settings.env);
    if ("problem" in go) throw new Error(go.problem);
    return go.program;
  }

  record(): { steps: readonly Step[]; conclusions: readonly string[] } {
    return { steps: this.steps, conclusions: this.conclusions };
  }

  private part(part: Shown | Claim): void {
    this.steps.at(-1)?.parts.push(part);
    this.settings.onPart(part);
  }
}

function identity(as: Actor | undefined): string[] {
  if (as === undefined) return [];
  const { uid, gid, groups = [], capabilities } = as;
  const bare = capabilities === false ? ["--bounding-set=-all", "--inh-caps=-all"] : [];
  const list = groups.length > 0 ? `--groups=${groups.join(",")}` : "--clear-groups";
  return ["setpriv", `--reuid=${uid}`, `--regid=${gid}`, list, ...bare, "--"];
}
