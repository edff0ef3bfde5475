// GOSUMDB=off: modules that are new to go.sum are trusted as they come.
import type { FactRule } from "./rule.ts";
import { setting, titleFor, unsetCommand } from "./shared/setting.ts";

export const checksumDatabaseOff: FactRule = {
  id: "checksum-database-off",
  severity: "warning",
  title: "the checksum database is switched off",
  looksAt: "facts",
  check: (facts) => {
    if (setting(facts, "GOSUMDB") !== "off") return [];
    return [
      {
        message:
          "GOSUMDB is off: go accepts any content for a module that is not in go.sum yet, for every user who has this setting",
        paths: [],
        count: 1,
        why: "The first download of a module writes its hash into go.sum, and nobody compares it with what others got. Since Go 1.21 go also refuses to download toolchains with this setting",
        fixes: [
          {
            title: titleFor(facts, "Switch it on again"),
            disposition: "safe",
            command: unsetCommand(facts, "GOSUMDB"),
          },
          {
            title: titleFor(facts, "Leave out private modules only (put your own host in)"),
            disposition: "safe",
            command: `${unsetCommand(facts, "GOSUMDB")}; go env -w GOPRIVATE='git.example.com/*'`,
          },
        ],
      },
    ];
  },
};
