// What a proof looks at: the cause, and the machine afterwards.
import type { Cause } from "../causes/cause.ts";
import type { Facts } from "../facts/facts.ts";
import type { Environment } from "../host/container.ts";
import type { MachineWorld } from "../host/world.ts";
import type { AuditEvent } from "./event.ts";

export interface Scene {
  readonly cause: Cause;
  readonly env: Environment;
  readonly cwd: string;
  readonly events: readonly AuditEvent[];
  readonly facts: Facts;
  readonly world: MachineWorld;
}
