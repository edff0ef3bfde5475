// Everything that `fix` would do, before anything is done: metadata, and contents that go makes anew.
import type { Contract } from "../contract/contract.ts";
import type { Facts } from "../facts/facts.ts";
import { plural } from "../rules/shared/say.ts";
import type { Root } from "../tree/root.ts";
import { verifyContent } from "../verify/content.ts";
import type { ContentRepair } from "./content.ts";
import { onlyContents, onlyRules } from "./only.ts";
import type { Plan } from "./plan.ts";
import { busyWith } from "./remove.ts";
import { type PlanOptions, planContents, planRepair } from "./repair.ts";

export interface FixPlanOptions extends PlanOptions {
  /** Rules to be limited to; all if empty. */
  readonly only: readonly string[];
  /** Whether to read and compare all contents. */
  readonly verify: boolean;
  /** Whether to remove what go might not be able to fetch again. */
  readonly unsafe: boolean;
  readonly onVerify: (done: number, total: number | undefined, what: string) => void;
}

/** @throws {UserError} for a rule that cannot be limited to */
export async function planFix(root: Root, contract: Contract, facts: Facts, options: FixPlanOptions): Promise<Plan> {
  const { only, verify, onVerify } = options;
  const plan = await planRepair(root, contract, facts, options);
  const checked = verify ? await verifyContent(facts, { onProgress: onVerify }) : { contents: [], unseen: [] };
  const broken = onlyContents(planContents(root, plan.broken, checked.contents), only);
  const { contents, notes } = permitted(broken, root, facts, options.unsafe);
  const repairs = onlyRules(plan, only, facts);
  return { ...repairs, contents, staying: notes, unseen: [...plan.unseen, ...checked.unseen] };
}

/** The content repairs that may be made now, and why others may not. */
function permitted(
  all: readonly ContentRepair[],
  root: Root,
  facts: Facts,
  unsafe: boolean,
): { contents: readonly ContentRepair[]; notes: string[] } {
  const contents = all.filter((repair) => !repair.unsafe || unsafe);
  const left = all.length - contents.length;
  const notes =
    left === 0
      ? []
      : [`${plural(left, "broken module")} that go might not get again stay as they are: --unsafe removes them`];
  const busy = contents.length === 0 ? undefined : busyWith(root, facts);
  return busy === undefined
    ? { contents, notes }
    : { contents: [], notes: [...notes, `broken contents stay as they are: ${busy}`] };
}
