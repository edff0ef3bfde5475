// What an experiment did, as values. Pure.

/** A command with what it printed. */
export interface Shown {
  /** As somebody would type it. */
  readonly command: string;
  readonly output: string;
}

export interface Claim {
  /** What should have happened, and why. */
  readonly text: string;
  readonly held: boolean;
}

export interface Step {
  readonly title: string;
  readonly parts: readonly (Shown | Claim)[];
}

export interface LabRecord {
  readonly name: string;
  readonly summary: string;
  /** What is done, before anything is. */
  readonly method: string;
  /** `go1.26.8`, `Linux 6.1`, … */
  readonly versions: readonly string[];
  readonly steps: readonly Step[];
  /** What follows from it, a sentence or two each. */
  readonly conclusions: readonly string[];
}

export function isClaim(part: Shown | Claim): part is Claim {
  return "held" in part;
}

export function allHeld({ steps }: LabRecord): boolean {
  return steps.every(({ parts }) => parts.every((part) => !isClaim(part) || part.held));
}
