// GONOSUMDB, or GOPRIVATE from which it comes, covers public modules in a file.
import { checksumBypassWide as ofTheMachine } from "../../rules/checksum-bypass-wide.ts";
import { widePatterns } from "../../rules/shared/pattern.ts";
import { settingsOf } from "../golang/settings.ts";
import { type SettingKind, settingKinds } from "../models.ts";
import type { LintRule } from "../rule.ts";

export const checksumBypassWide: LintRule<SettingKind> = {
  id: ofTheMachine.id,
  severity: ofTheMachine.severity,
  title: ofTheMachine.title,
  kinds: settingKinds,
  check: (model) =>
    settingsOf(model)
      .filter(({ name, value }) => /^(GOPRIVATE|GONOSUMDB)$/.test(name) && widePatterns(value).length > 0)
      .map(({ name, value, start, end }) => ({
        message: `${name}=${value} covers public modules: their hashes are never compared with the checksum database`,
        at: { start, end },
        why: "A pattern is for the modules of one owner: git.example.com/*, github.com/our-organisation/*",
        fixes: [{ title: `Name your own hosts and organisations only in ${name}`, disposition: "safe" }],
      })),
};
