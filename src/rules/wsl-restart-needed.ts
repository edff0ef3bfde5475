// /etc/wsl.conf has mount options that a drive in use was not mounted with.
import { drvfsOf } from "../permission/drvfs.ts";
import { confPath, governorOf, notYetIn } from "../wsl/automount.ts";
import type { FactRule } from "./rule.ts";
import { pathOf } from "./shared/say.ts";
import { blockedByConf, onDrives, readConf, restartFix } from "./shared/wsl.ts";

export const wslRestartNeeded: FactRule = {
  id: "wsl-restart-needed",
  severity: "warning",
  title: "a Windows drive is mounted without the options that /etc/wsl.conf has",
  looksAt: "facts",
  blocked: blockedByConf,
  check: (facts) => {
    const read = readConf(facts);
    if (read === undefined) return [];
    for (const { what, path, mount } of onDrives(facts)) {
      const drive = drvfsOf(mount);
      // What virtiofs was told is not shown, and WSL1 shows some options in another form.
      if (drive?.metadata === undefined || governorOf(mount.mountPoint, read.automount) !== "wsl.conf") continue;
      const lacking = notYetIn(drive.options, read.automount).filter(
        (option) => mount.type !== "drvfs" || option === "metadata",
      );
      if (lacking.length === 0) continue;
      return [
        {
          message: `${mount.mountPoint} is mounted without ${lacking.join(", ")}, which ${confPath} asks for: ${what} (${path}) goes by the old options until WSL is restarted`,
          paths: [pathOf(path, undefined, facts)],
          count: lacking.length,
          why: "WSL reads the file when a distribution starts, and a distribution goes on for 8 seconds or more after its last window was closed; a drive that was mounted by hand keeps its own options",
          confidence: "likely",
          fixes: [restartFix],
        },
      ];
    }
    return [];
  },
};
