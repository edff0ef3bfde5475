// Every experiment.
import type { Experiment } from "./experiment.ts";
import { umask } from "./experiments/umask.ts";

export const experiments: readonly Experiment[] = [umask];
