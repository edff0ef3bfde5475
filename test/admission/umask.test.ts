// A command under umask 002, as a real shell runs it.
import { spawnSync } from "node:child_process";
import { expect, it } from "vitest";
import { underUmask } from "../../src/admission/umask.ts";

/** What a container would run, with a variable of Kubernetes replaced as the kubelet does. */
function run(command: readonly string[], args?: readonly string[]): string {
  const words = underUmask(command, args);
  if (words === undefined) return "as it was";
  const [program = "", ...rest] = [...words.command, ...(words.args ?? [])].map((word) =>
    word.replaceAll("$(NAME)", "a 'b'"),
  );
  return spawnSync(program, rest, { encoding: "utf8" }).stdout.trim();
}

it.each([
  [["sh", "-c", "umask"], undefined, "0002"],
  [["sh"], ["-ec", "umask"], "0002"],
  [["sh", "-c", "# first\numask; echo $1", "sh", "it's"], undefined, "0002\nit's"],
  [["sh", "-c", "umask 022\numask"], undefined, "as it was"],
  [["env", "sh", "-c", 'umask; echo "$0"', "a b'c"], undefined, "0002\na b'c"],
  [["env"], ["sh", "-c", 'umask; echo "$0"', "x$y"], "0002\nx$y"],
  [["env", "sh", "-c", 'umask; echo "$0"', "$(NAME)"], undefined, "0002\na 'b'"],
  [["env", "sh", "-c"], ['umask; echo "$0"', "$(NAME)"], "0002\na 'b'"],
])("%j %j", (command, args, printed) => {
  const shown = run(command, args).replace(/^(\d+)/, (mode) => mode.padStart(4, "0"));
  expect(shown).toBe(printed);
});

it("a second time changes nothing", () => {
  for (const command of [
    ["go", "build"],
    ["sh", "-c", "go build"],
    ["go", "$(FLAGS)"],
  ]) {
    const once = underUmask(command, ["x"]);
    expect(underUmask(once?.command ?? [], once?.args)).toBeUndefined();
  }
});
