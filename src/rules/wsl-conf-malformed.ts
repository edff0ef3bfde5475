// WSL stops reading /etc/wsl.conf before its end.
import type { Fix } from "../finding/finding.ts";
import { confPath } from "../wsl/automount.ts";
import type { Stop } from "../wsl/conf.ts";
import type { FactRule } from "./rule.ts";
import { asRoot } from "./shared/directory.ts";
import { pathOf } from "./shared/say.ts";
import { blockedByConf, readConf } from "./shared/wsl.ts";

export const wslConfMalformed: FactRule = {
  id: "wsl-conf-malformed",
  severity: "warning",
  title: "WSL stops reading /etc/wsl.conf before its end",
  looksAt: "facts",
  blocked: blockedByConf,
  check: (facts) => {
    const stop = readConf(facts)?.conf.stop;
    if (stop === undefined) return [];
    return [
      {
        message: `WSL reads ${confPath} only up to line ${stop.line}: what is set there and below has no effect, for every user of this distribution`,
        paths: [pathOf(confPath, undefined, facts)],
        count: 1,
        why: `In line ${stop.line}, ${stop.because}. WSL ends at the first line that it cannot read and keeps what came before`,
        confidence: "likely",
        fixes: [mend(stop, (command) => asRoot(facts, command))],
      },
    ];
  },
};

function mend(stop: Stop, root: (command: string) => string): Fix {
  if (stop.because.includes("UTF-16")) {
    return {
      title: "Write it as plain text",
      disposition: "safe",
      command: `iconv -f UTF-16 -t UTF-8 ${confPath} | tr -d '\\r' | ${root(`tee ${confPath}.utf8`)} && ${root(`mv ${confPath}.utf8 ${confPath}`)}`,
    };
  }
  if (stop.because.includes("byte order mark")) {
    const command = root(`sed -i '1s/^\\xEF\\xBB\\xBF//' ${confPath}`);
    return { title: "Take the byte order mark away", disposition: "safe", command };
  }
  if (stop.because.includes("semicolon")) {
    const command = root(`sed -i '${stop.line}s/;/#/' ${confPath}`);
    return { title: "Make it a comment that WSL knows", disposition: "safe", command };
  }
  return {
    title: `Mend line ${stop.line}`,
    disposition: "safe",
    command: root(`\${EDITOR:-vi} +${stop.line} ${confPath}`),
  };
}
