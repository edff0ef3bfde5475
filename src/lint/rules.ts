// Every lint rule that looks at a model. Those about ignores look at the others' answers; all.ts has them too.
import type { LintRule } from "./rule.ts";
import { dockerfileCacheMountOwner } from "./rules/dockerfile-cache-mount-owner.ts";
import { scriptSudoGo } from "./rules/script-sudo-go.ts";

export const lintRules: readonly LintRule[] = [dockerfileCacheMountOwner, scriptSudoGo];
