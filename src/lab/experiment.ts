// What an experiment is.
import type { Lab } from "./lab.ts";
import type { Need } from "./needs.ts";

export interface Experiment {
  readonly name: string;
  /** One line, without a full stop. */
  readonly summary: string;
  /** What is done, in two or three sentences. */
  readonly method: string;
  /** What the machine must have; without it the experiment does not begin. */
  readonly needs: readonly Need[];
  /** Does it, and says what happened to the lab. */
  readonly run: (lab: Lab) => Promise<void>;
}
