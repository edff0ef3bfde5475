// A go command is running: what was read may change under the eyes, and repairs should wait.
import type { FactRule } from "./rule.ts";
import { plural, userName } from "./shared/say.ts";

/** So many are named. */
const named = 5;

export const goRunning: FactRule = {
  id: "go-running",
  severity: "advice",
  title: "go commands are running",
  looksAt: "facts",
  blocked: ({ runningGo }) =>
    "unseen" in runningGo ? `running go commands could not be listed: ${runningGo.unseen}` : undefined,
  check: (facts) => {
    const { runningGo } = facts;
    if ("unseen" in runningGo || runningGo.value.length === 0) return [];
    const { value } = runningGo;
    const some = value.slice(0, named).map(({ pid, uid, command }) => `${pid} ${command} (${userName(uid, facts)})`);
    const more = value.length > named ? ` and ${value.length - named} more` : "";
    return [
      {
        message: `${plural(value.length, "go command is", "go commands are")} running; files that they are about to finish can look like damage`,
        paths: [],
        count: value.length,
        why: `Process ${some.join(", ")}${more}`,
        fixes: [
          {
            title: "Wait until they have ended, then look again",
            disposition: "safe",
            command: `ps -o pid,user,etime,args -p ${value.map(({ pid }) => pid).join(",")}`,
          },
        ],
      },
    ];
  },
};
