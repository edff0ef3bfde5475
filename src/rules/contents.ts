// All rules that look at the contents of module versions: those of `verify`.
import { infoFileTorn } from "./info-file-torn.ts";
import { modFileChanged } from "./mod-file-changed.ts";
import type { ContentRule } from "./rule.ts";
import { treeMissing } from "./tree-missing.ts";
import { treeNotAsZip } from "./tree-not-as-zip.ts";
import { zipNotAsGoSum } from "./zip-not-as-go-sum.ts";
import { zipNotAsRecorded } from "./zip-not-as-recorded.ts";
import { zipRefused } from "./zip-refused.ts";
import { zipTorn } from "./zip-torn.ts";

export const contentRules: readonly ContentRule[] = [
  zipNotAsGoSum,
  zipNotAsRecorded,
  zipTorn,
  zipRefused,
  treeNotAsZip,
  treeMissing,
  modFileChanged,
  infoFileTorn,
];
