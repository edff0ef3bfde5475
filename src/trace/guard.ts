// A small shell that outlives us: if we are killed, it ends what we traced, and takes our private directory away. Nothing else
// could: a process under strace's filter cannot go on without strace, and SIGKILL leaves us no last word.
import { type ChildProcess, spawn } from "node:child_process";
import { systemPath } from "../host/system-path.ts";
import { tracefs } from "./means.ts";

/**
 * Words on standard input: `command PID`, `tracer PID`, `helper PID`, `mounted 1`, then `done`, or `drain` to keep reading for a strace that goes
 * on. The end of the input without either means that we died. The tree is stopped before it is killed, so that it cannot grow.
 */
const script = `trap '' INT TERM HUP QUIT
root=0 tracer=0 helper=0 mounted=0 fifo=$1 dir=$2
while IFS=' ' read -r word value; do
  case $word in
    command) root=$value ;;
    tracer) tracer=$value ;;
    helper) helper=$value ;;
    mounted) mounted=$value ;;
    drain) exec 4<"$fifo"; echo ok; exec cat <&4 >/dev/null ;;
    done) exit 0 ;;
  esac
done
[ "$helper" = 0 ] || kill -TERM "$helper" 2>/dev/null
found=" "
[ "$root" = 0 ] || { kill -STOP "$root" 2>/dev/null; found=" $root "; }
again=1
while [ $again = 1 ]; do
  again=0
  for file in /proc/[0-9]*/status; do
    pid=\${file#/proc/}; pid=\${pid%/status}
    case $found in *" $pid "*) continue ;; esac
    parent=0 by=0
    while read -r key value _; do
      case $key in PPid:) parent=$value ;; TracerPid:) by=$value; break ;; esac
    done 2>/dev/null <"$file" || continue
    hit=0
    [ "$parent" != 0 ] && case $found in *" $parent "*) hit=1 ;; esac
    [ "$tracer" != 0 ] && [ "$by" = "$tracer" ] && hit=1
    [ $hit = 1 ] && { kill -STOP "$pid" 2>/dev/null; found="$found$pid "; again=1; }
  done
done
kill -KILL $found 2>/dev/null
[ $mounted = 0 ] || umount -l ${tracefs} 2>/dev/null
[ -z "$fifo" ] || rm -f "$fifo"
[ -z "$dir" ] || rmdir "$dir" 2>/dev/null
`;

export class Guard {
  private readonly child: ChildProcess;

  /** @param fifo what strace writes to; empty if there is none. @param directory our private directory */
  constructor(fifo: string, directory: string) {
    this.child = spawn("/bin/sh", ["-c", script, "gomodcache-guard", fifo, directory], {
      detached: true,
      stdio: ["pipe", "pipe", "ignore"],
      env: { PATH: systemPath },
      cwd: "/",
    });
    this.child.on("error", () => undefined);
    this.child.stdin?.on("error", () => undefined);
  }

  /** @param value a process; 1 for a tracefs that we mounted */
  tell(word: "command" | "tracer" | "helper" | "mounted", value: number): void {
    this.child.stdin?.write(`${word} ${value}\n`);
  }

  /** All is over: it ends. */
  done(): void {
    this.child.stdin?.end("done\n");
    this.child.stdout?.destroy();
    this.child.unref();
  }

  /** It reads what a strace that goes on writes, until that ends. */
  async drain(): Promise<void> {
    const ready = new Promise((resolve) => {
      this.child.stdout?.once("data", resolve);
      this.child.once("exit", resolve);
    });
    this.child.stdin?.end("drain\n");
    await ready;
    this.child.stdin?.destroy();
    this.child.stdout?.destroy();
    this.child.unref();
  }
}
