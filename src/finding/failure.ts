// What is said of a command that failed: its causes by what it printed, and what this machine shows of the first.
import type { Cause } from "../causes/cause.ts";
import type { FindingPath, Fix } from "./finding.ts";

/** What a look at this machine found about a cause. */
export interface Proof {
  /** `no`: the machine does not show it (any more). `unknown`: it holds nothing that could show it, or could not be looked at. */
  readonly verdict: "yes" | "no" | "unknown";
  /** A clause that says what was seen, or why nothing was. */
  readonly message: string;
  /** The deciding entry. */
  readonly path?: FindingPath;
  /** Who can change it: `root`, `alice (1001) or root`. */
  readonly who?: string;
  readonly fix?: Fix;
  /** The doctor's rule, if one found it. */
  readonly rule?: string;
}

export interface Failure {
  /** As it was typed. */
  readonly command: readonly string[];
  /** `exited with status 1`, `was killed by SIGKILL`. */
  readonly ending: string;
  /** The root cause first. Not empty. */
  readonly causes: readonly Cause[];
  readonly proof: Proof;
  readonly attempts: number;
}
