// The document of `init`, `fix` and `undo`.
import type * as z from "zod/mini";
import type { Contract } from "../contract/contract.ts";
import type { Applied, Plan, Repair, Repairs } from "../fix/plan.ts";
import { repairsOf } from "../fix/plan.ts";
import { toRecord } from "../fix/record.ts";
import { reasonOf } from "../fix/summary.ts";
import { octal } from "../permission/entry.ts";
import { documentHead } from "./json.ts";
import type { RenderOptions } from "./options.ts";
import type { repairDocument } from "./repair-schema.ts";
import { jsonText } from "./safe.ts";

type RepairDocument = z.infer<typeof repairDocument>;

/** @param plan whole, or only repairs: those of undo go by no contract */
export function repairJson(
  command: string,
  plan: Repairs & Partial<Plan>,
  applied: Applied | undefined,
  options: Pick<RenderOptions, "version">,
  wslConf?: RepairDocument["wslConf"],
): string {
  const { root, contract, beyond = [], contents = [], refused = [], staying = [], unseen = [], closed = [] } = plan;
  const document: RepairDocument = {
    ...documentHead(command, options),
    root,
    ...(contract === undefined ? {} : { contract: contractFields(contract) }),
    plan: [...repairsOf(plan)].map(({ names, repair }) => item(root, names, repair)),
    beyond: beyond.flatMap(({ names, changes }) => changes.map((repair) => item(root, names, repair))),
    removals: contents.flatMap(({ rule, unsafe, removals }) =>
      removals.map(({ names, removal }) => ({ path: [root, ...names, removal.name].join("/"), rule, unsafe })),
    ),
    refused: refused.map(({ path, reason, uid }) => ({ path, reason, uid })),
    staying: [...staying],
    unseen: [...unseen],
    closed: closed.map(({ path, mode, because, commands }) => ({ path, mode, because, commands: [...commands] })),
    ...(applied === undefined ? {} : { applied: appliedFields(applied) }),
    ...(wslConf === undefined ? {} : { wslConf }),
    stats: { entries: plan.entries },
  };
  return `${jsonText(document)}\n`;
}

function contractFields({ name, uid, gid, umask }: Contract): RepairDocument["contract"] {
  return { name, uid, gid, umask: octal(umask) };
}

function item(root: string, names: readonly string[], repair: Repair): RepairDocument["plan"][number] {
  const { seen, wanted } = repair;
  const after = { uid: wanted.uid, gid: wanted.gid, mode: wanted.mode };
  return {
    path: [root, ...names, repair.name].filter((name) => name !== "").join("/"),
    kind: repair.kind,
    from: toRecord({ uid: seen.uid, gid: seen.gid, mode: seen.mode, ...seen.acls }),
    to: toRecord({
      ...after,
      ...(wanted.acl === undefined || wanted.acl === "none" ? {} : { acl: wanted.acl }),
      ...(wanted.defaultAcl === undefined || wanted.defaultAcl === "none" ? {} : { defaultAcl: wanted.defaultAcl }),
      ...(wanted.darwin === undefined ? {} : { darwin: wanted.darwin }),
    }),
    reason: reasonOf(repair),
  };
}

function appliedFields({
  id,
  changed,
  removed,
  skipped,
  failed,
  troubles,
}: Applied): NonNullable<RepairDocument["applied"]> {
  return {
    ...(id === undefined ? {} : { id }),
    ...{ changed, removed, skipped, failed },
    troubles: troubles.map(({ path, status, reason, code }) => ({
      path,
      status,
      reason,
      ...(code === undefined ? {} : { code }),
    })),
  };
}
