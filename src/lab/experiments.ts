// Every experiment.
import type { Experiment } from "./experiment.ts";
import { capabilities } from "./experiments/capabilities.ts";
import { crossUid } from "./experiments/cross-uid.ts";
import { dockerUserSwitch } from "./experiments/docker-user-switch.ts";
import { kubernetesJob } from "./experiments/kubernetes-job.ts";
import { umask } from "./experiments/umask.ts";

export const experiments: readonly Experiment[] = [umask, crossUid, capabilities, dockerUserSwitch, kubernetesJob];
