// All rules that look at the module versions of a cache: at what is in them, as verify does too, and at who gets in.
import { extractedWithoutRecord } from "./extracted-without-record.ts";
import { infoFileEmpty } from "./info-file-empty.ts";
import { modFileEmpty } from "./mod-file-empty.ts";
import { partialExtraction } from "./partial-extraction.ts";
import { privateModuleInSharedCache } from "./private-module-in-shared-cache.ts";
import type { ModuleRule } from "./rule.ts";
import { versionWithoutMod } from "./version-without-mod.ts";
import { zipEmpty } from "./zip-empty.ts";
import { ziphashEmpty } from "./ziphash-empty.ts";
import { ziphashMissing } from "./ziphash-missing.ts";
import { ziphashTorn } from "./ziphash-torn.ts";

export const moduleRules: readonly ModuleRule[] = [
  extractedWithoutRecord,
  partialExtraction,
  ziphashMissing,
  ziphashEmpty,
  ziphashTorn,
  modFileEmpty,
  zipEmpty,
  infoFileEmpty,
  versionWithoutMod,
];

/** About a version's readers, whatever its contents are: the doctor's alone. */
export const moduleAccessRules: readonly ModuleRule[] = [privateModuleInSharedCache];
