// If we are killed in a way that nobody can catch, the command that we run must not stay behind. Linux could kill it for us
// (PR_SET_PDEATHSIG), but node cannot ask for that, and it would reach the command alone, not what it started. So a shell waits at a
// pipe that only we hold open: when it closes and we did not say goodbye, it ends the command and all its descendants.
import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";

/**
 * Reads "PID START", then a line that says that all is well. START (proc_pid_stat(5), starttime) tells the command from another
 * process that got its number. What descends from it is listed first, then told to end, and killed 2 s later if it has not.
 * If we died between the command's start and the first line, the command is known by a variable in its environment.
 */
const script = `
trap '' INT QUIT TERM HUP TSTP TTIN TTOU USR1 USR2 PIPE
started() {
  read -r line 2>/dev/null < "/proc/$1/stat" || return 1
  set -- \${line##*) }
  shift 19
  echo "$1"
}
tree() {
  all="$all $1"
  kids=
  for list in /proc/$1/task/*/children; do
    read -r some 2>/dev/null < "$list"
    kids="$kids $some"
    some=
  done
  for kid in $kids; do tree "$kid"; done
}
all=
if read -r pid start; then
  read -r word && exit 0
  [ "$start" = - ] || [ "$(started "$pid")" = "$start" ] || exit 0
  tree "$pid"
else
  for one in /proc/[0-9]*; do
    grep -qF "$1" "$one/environ" 2>/dev/null && all="$all \${one#/proc/}"
  done
fi
marked=
for one in $all; do marked="$marked $one:$(started "$one")"; done
for one in $all; do kill -TERM "$one" 2>/dev/null; kill -CONT "$one" 2>/dev/null; done
sleep 2
for one in $marked; do
  [ "$(started "\${one%%:*}")" = "\${one#*:}" ] && [ "\${one#*:}" != "" ] && kill -KILL "\${one%%:*}" 2>/dev/null
done
exit 0
`;

export interface Watchdog {
  /** From now on this process and what it starts end with us. */
  guard(pid: number): void;
  /** The command has ended, or may outlive us. */
  dismiss(): void;
}

/**
 * Starts the watchdog; where there is no shell, nothing watches, and `false` says so.
 * @param variable `NAME=value` that is in the environment of the command and of nobody else
 */
export function startWatchdog(variable: string): Watchdog | false {
  let dog: ChildProcess;
  try {
    // In a process group of its own: what the terminal or a supervisor sends to ours is for the command.
    dog = spawn("/bin/sh", ["-c", script, "gomodcache-watchdog", variable], {
      stdio: ["pipe", "ignore", "ignore"],
      env: { PATH: "/usr/bin:/bin" },
      cwd: "/",
      detached: true,
    });
  } catch {
    return false;
  }
  if (dog.pid === undefined) {
    dog.once("error", () => undefined);
    return false;
  }
  dog.unref();
  const { stdin } = dog;
  stdin?.on("error", () => undefined);
  (stdin as { unref?: () => void } | null)?.unref?.();
  return {
    guard: (pid) => void stdin?.write(`${pid} ${startOf(pid)}\n`),
    dismiss: () => void stdin?.end("done\n"),
  };
}

function startOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "-";
  } catch {
    return "-";
  }
}
