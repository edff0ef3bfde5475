// /etc/wsl.conf has a drive's mount option where WSL does not look for it.
import { confPath, misplacedIn } from "../wsl/automount.ts";
import type { FactRule } from "./rule.ts";
import { asRoot } from "./shared/directory.ts";
import { pathOf } from "./shared/say.ts";
import { blockedByConf, readConf, restartFix } from "./shared/wsl.ts";

export const wslConfSettingIgnored: FactRule = {
  id: "wsl-conf-setting-ignored",
  severity: "warning",
  title: "a mount option stands in /etc/wsl.conf where WSL does not read it",
  looksAt: "facts",
  blocked: blockedByConf,
  check: (facts) => {
    const read = readConf(facts);
    if (read === undefined) return [];
    const misplaced = misplacedIn(read.conf);
    const [first] = misplaced;
    if (first === undefined) return [];
    const { section, key, value, line } = first.setting;
    const isSet = read.automount.options.includes("metadata");
    const lines = misplaced.map(({ setting }) => setting.line).join(", ");
    return [
      {
        message: `${section === "" ? "" : `[${section}] `}${key} = ${value} in line ${line} of ${confPath} does nothing: the Windows drives are mounted as if it were not there, for every user`,
        paths: [pathOf(confPath, undefined, facts)],
        count: misplaced.length,
        why: `${misplaced.map(({ because }) => because).join("; ")}. What WSL reads is the key options in [automount], such as options = "metadata,umask=22,fmask=11"`,
        fixes: isSet
          ? [
              {
                title: `Remove line ${lines}: options in [automount] has metadata already`,
                disposition: "safe",
                command: asRoot(facts, `\${EDITOR:-vi} +${line} ${confPath}`),
              },
            ]
          : [
              {
                title: "Write it where WSL reads it, and restart WSL",
                disposition: "safe",
                command: `${asRoot(facts, "gomodcache fix --wsl-conf")} && ${restartFix.command}`,
              },
            ],
      },
    ];
  },
};
