// Which go commands run at this moment: ps(1), which shows the processes of all users on macOS.
import type { Looked, RunningGo } from "../../facts/facts.ts";
import { fromBytes, show } from "../bytes.ts";
import { complaint } from "../run.ts";
import type { MacosTools } from "./tools.ts";

const longestCommand = 300;

/** The processes whose program is called `go`, by the path of the program. */
export function readRunningGoOnDarwin(tools: MacosTools): Looked<readonly RunningGo[]> {
  // Each in an -o of its own: what follows an equals sign is the heading.
  const result = tools.run("ps", ["-axww", "-o", "pid=", "-o", "uid=", "-o", "comm="]);
  if (result.status !== 0) return { unseen: `ps: ${complaint(result)}` };
  const running = fromBytes(result.stdout)
    .split("\n")
    .flatMap((line): RunningGo[] => {
      const [, pid, uid, program] = /^\s*(\d+)\s+(-?\d+)\s+(\S.*)$/.exec(line) ?? [];
      if (program === undefined || program.slice(program.lastIndexOf("/") + 1) !== "go") return [];
      return [{ pid: Number(pid), uid: Number(uid) >>> 0, command: printable(program) }];
    });
  return { value: running };
}

function printable(program: string): string {
  return show(program)
    .replace(/[\x00-\x1f\x7f]/g, (control) => `\\x${control.charCodeAt(0).toString(16).padStart(2, "0")}`)
    .slice(0, longestCommand);
}
