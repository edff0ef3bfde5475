// What `fix` can be told, beside what all repairs can.
import type { RepairOptions } from "./repairing.ts";

export interface FixOptions extends RepairOptions {
  readonly yes?: boolean;
  readonly only: readonly string[];
  readonly verify?: boolean;
  readonly unsafe?: boolean;
  readonly planOut?: string;
  readonly plan?: string;
  readonly printCommands?: boolean;
  readonly wslConf?: boolean;
}
