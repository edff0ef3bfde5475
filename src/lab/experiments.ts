// Every experiment.
import type { Experiment } from "./experiment.ts";
import { capabilities } from "./experiments/capabilities.ts";
import { crossUid } from "./experiments/cross-uid.ts";
import { umask } from "./experiments/umask.ts";

export const experiments: readonly Experiment[] = [umask, crossUid, capabilities];
