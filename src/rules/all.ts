// Every rule, in the order in which they look.
import { contentRules } from "./contents.ts";
import { entryRules } from "./entries.ts";
import { factRules } from "./machine.ts";
import { moduleAccessRules, moduleRules } from "./modules.ts";
import type { Rule } from "./rule.ts";

export const allRules: readonly Rule[] = [
  ...factRules,
  ...moduleRules,
  ...moduleAccessRules,
  ...entryRules,
  ...contentRules,
];
