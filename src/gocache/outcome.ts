// How a played go command ends: what makes it fail, what cannot be told, what it would only complain about.
import type { Reason } from "../finding/answer.ts";
import { type Denial, Refused, Unknowable } from "../permission/world.ts";

/** A go command that exits with an error. */
export class GoFailure extends Error {
  constructor(readonly reason: Reason) {
    super(reason.message);
  }
}

/** base.Fatalf: go exits on the spot, whatever the caller would have made of an error. */
export class GoExit extends GoFailure {}

/** A go command that fails for a reason that no system call gives. */
export function goFails(path: string, need: string, message: string): GoFailure {
  return new GoFailure({ path, need, message });
}

const needs: Record<Denial["need"], string> = {
  read: "read",
  write: "write",
  execute: "enter",
  create: "create",
  delete: "delete",
  rename: "rename",
  chmod: "chmod",
  chown: "chown",
  exist: "exist",
  type: "be of the right type",
  follow: "follow",
};

/** The words for a refused system call. `purpose` says what go wanted: "to lock example.com/m@v1.0.0 while fetching it". */
export function reasonOf(refused: Refused, purpose: string): Reason {
  const { denial } = refused;
  const component = denial.path === refused.path ? "" : ` (${denial.path} refuses)`;
  return {
    path: refused.path,
    need: denial.path === refused.path ? needs[denial.need] : "reach",
    deniedBy: { path: denial.path, by: denial.by, because: denial.because },
    message: `go must ${refused.call} ${refused.path} ${purpose}: ${refused.errno}${component}: ${denial.because}`,
  };
}

/** Collects what a played command meets. Go stops at its first error; we go on, so that all causes are named. */
export class Ledger {
  readonly failures: Reason[] = [];
  readonly unknowns: Reason[] = [];
  private readonly warned = new Set<string>();

  get warnings(): string[] {
    return [...this.warned];
  }

  warn(text: string): void {
    this.warned.add(text);
  }

  unknown(path: string, message: string): void {
    this.unknowns.push({ path, need: "be told", message });
  }

  /** The same refusal met for a second purpose is not told twice. */
  fail(reason: Reason): void {
    const same = (other: Reason): boolean =>
      other.message === reason.message ||
      (reason.deniedBy !== undefined && other.path === reason.path && other.deniedBy?.path === reason.deniedBy.path);
    if (!this.failures.some(same)) this.failures.push(reason);
  }

  /** Runs a part of the command; its failure is noted. @returns whether it went through */
  attempt(purpose: string, part: () => void): boolean {
    try {
      part();
      return true;
    } catch (error) {
      this.note(error, purpose);
      return false;
    }
  }

  /** Notes a failure that was thrown. @throws whatever is none of the three kinds */
  note(error: unknown, purpose: string): void {
    if (error instanceof GoFailure) this.fail(error.reason);
    else if (error instanceof Refused) this.fail(reasonOf(error, purpose));
    else if (error instanceof Unknowable) this.unknown(error.path, `${error.path}: ${error.reason}`);
    else throw error;
  }
}

/**
 * Runs something whose failure go ignores. Not being able to tell is no matter either.
 * @throws {GoExit} which nothing in go ignores
 * @returns whether it surely succeeded
 */
export function bestEffort(part: () => void): boolean {
  try {
    part();
    return true;
  } catch (error) {
    if (error instanceof GoExit) throw error;
    if (error instanceof Refused || error instanceof Unknowable || error instanceof GoFailure) return false;
    throw error;
  }
}
