// What the subject may do, found out by playing the system calls over the machine as it is. Nothing is written.
import type { Outcome } from "../facts/facts.ts";
import { Kernel } from "../permission/kernel.ts";
import type { Subject } from "../permission/subject.ts";
import { type KernelSettings, Refused, Unknowable } from "../permission/world.ts";
import { show } from "./bytes.ts";
import type { MachineWorld } from "./world.ts";

/** Plays calls for the subject, with the ACLs of all that they come by. */
export class Stage {
  constructor(
    private readonly world: MachineWorld,
    private readonly subject: Subject,
    private readonly settings: KernelSettings,
  ) {}

  /** Whether all the calls succeed, and if not, which path component stops the first that does not. */
  play(calls: (kernel: Kernel) => void): Outcome {
    return this.world.settle(() => {
      try {
        calls(new Kernel(this.world, this.subject, this.settings));
        return { verdict: "yes" };
      } catch (error) {
        if (error instanceof Refused) {
          return { verdict: "no", at: show(error.denial.path), because: error.denial.because };
        }
        if (error instanceof Unknowable) return { verdict: "unknown", at: show(error.path), because: error.reason };
        throw error;
      }
    });
  }

  /** Whether files can be made in a directory, after it is made if it is missing, as os.MkdirAll does. */
  canFill(directory: string): Outcome {
    return this.play((kernel) => fill(kernel, directory));
  }
}

/** A name that no go command gives to a file. */
const madeUp = ".gomodcache-could-be-written-here";

/** Makes a directory, if it is missing, and a file in it. */
export function fill(kernel: Kernel, directory: string): void {
  kernel.mkdirAll(directory, 0o777);
  kernel.open(`${directory === "/" ? "" : directory}/${madeUp}`, { write: true, create: true, exclusive: true });
}
