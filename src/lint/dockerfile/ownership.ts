// May a user of the image make or write a path? Told only where every earlier step is understood.
import { argumentsOf, programOf, type ShellCommand } from "../shell/command.ts";
import { environmentOf } from "./go-places.ts";
import { stepsBefore } from "./history.ts";
import type { Step } from "./model.ts";
import { absolute, covers, related, tidy } from "./path.ts";
import type { User } from "./user.ts";
import { expand } from "./words.ts";

export type Answer = "yes" | "no" | "unknown";

/** Programs that leave the owners and modes of directories alone, or make directories for whoever runs them. */
const harmless = new Set(
  ": [ addgroup adduser apk apt apt-get awk basename cat cd command cp curl cut date dirname dnf echo env exit export false find git go grep groupadd head hostname id ldconfig ln ls microdnf mkdir mktemp mv npm pip pip3 printf pwd read rm sed set sha256sum sleep sort tar tee test time touch tr true tzdata uname unset unzip update-ca-certificates useradd wc wget which xargs yum zypper local rmdir usermod hash exec trap wait gpg dpkg shift return umask type".split(
    " ",
  ),
);
const changesOwner = new Set(["chown", "chmod", "chgrp", "setfacl", "install", "rsync"]);

/** Whether the user could make or write the path at this step. */
export function mayWrite(path: string, step: Step, user: User): Answer {
  if (user.root) return "yes";
  const { image } = step.stage;
  if (image === undefined || step.instruction.start < 0) return "unknown";
  for (const earlier of [...stepsBefore(step), step]) if (touches(earlier, path, step)) return "unknown";
  if (user.home !== undefined && user.home !== "/" && covers(user.home, path)) return "yes";
  const everybody = image.family === "golang" ? ["/tmp", "/var/tmp", "/dev", "/go"] : ["/tmp", "/var/tmp", "/dev"];
  if (everybody.some((directory) => covers(directory, path))) return "yes";
  // Of a home that nobody here made, and of directories that an image brings, nothing is known, but of those that are always root's.
  if (covers("/home", path)) return "unknown";
  return "no";
}

/** True if a step could have given the path, or what it is in, to somebody. */
function touches(earlier: Step, path: string, now: Step): boolean {
  const { instruction } = earlier;
  const expanded = (text: string): string | undefined => expand(text, (name) => earlier.env.get(name));
  switch (instruction.keyword) {
    case "COPY":
    case "ADD": {
      if (earlier === now) return false;
      const target = expanded(instruction.words.at(-1)?.value ?? "");
      const at = target === undefined ? undefined : absolute(target, earlier.workdir, undefined);
      const given = instruction.flags.some(({ name }) => name === "chown" || name === "chmod" || name === "from");
      return given && (at === undefined || related(at, path));
    }
    case "VOLUME":
      return true;
    case "WORKDIR": {
      // BuildKit makes the directory for the user, the legacy builder for root.
      const at = expanded(instruction.body);
      const whole = at === undefined ? undefined : absolute(at, earlier.workdir, undefined);
      return earlier.user?.root !== true && (whole === undefined || covers(whole, path));
    }
    case "RUN":
      if (instruction.json === undefined && earlier.commands.length === 0) return true;
      return earlier.commands.some(
        (command) => (earlier !== now || command.start < now.instruction.end) && changes(command, earlier, path),
      );
    default:
      return false;
  }
}

function changes(command: ShellCommand, step: Step, path: string): boolean {
  const program = programOf(command);
  if (command.words.length === 0 || harmless.has(program)) return false;
  if (!changesOwner.has(program)) return !isGoProgram(program);
  const env = environmentOf(step, command);
  return argumentsOf(command).operands.some(({ value }) => {
    if (/[`(]/.test(value)) return true;
    const whole = expand(value, (name) => env.get(name));
    const at = whole === undefined ? undefined : absolute(whole, step.workdir, step.user?.home);
    // An owner or a mode is an operand too; in a directory of that name it is harmless.
    return at === undefined || related(tidy(at), path);
  });
}

const isGoProgram = (program: string): boolean => /^go(1[.\d]+)?$|^gofmt$/.test(program);
