// GOSUMDB=off written into a file: modules that are new to go.sum are trusted as they come.
import { checksumDatabaseOff as ofTheMachine } from "../../rules/checksum-database-off.ts";
import { settingsOf } from "../golang/settings.ts";
import { type SettingKind, settingKinds } from "../models.ts";
import type { LintRule } from "../rule.ts";

export const checksumDatabaseOff: LintRule<SettingKind> = {
  id: ofTheMachine.id,
  severity: ofTheMachine.severity,
  title: ofTheMachine.title,
  kinds: settingKinds,
  check: (model) =>
    settingsOf(model)
      .filter(
        ({ name, value }) =>
          (name === "GOSUMDB" && value === "off") || (name === "GONOSUMCHECK" && value !== "" && value !== "0"),
      )
      .map(({ name, value, start, end }) => ({
        message: `${name}=${value}: go accepts any content for a module that is not in go.sum yet`,
        at: { start, end },
        why:
          name === "GOSUMDB"
            ? "It switches the checksum database off for public modules too. GOPRIVATE does that for private ones alone, and it is all that they need"
            : "No released go knows this name; the one that names private modules is GOPRIVATE",
        fixes: [{ title: "Name the private modules instead: GOPRIVATE=git.example.com/*", disposition: "safe" }],
      })),
};
