// `run --install-shim DIR` and `run --remove-shim DIR`.
import { posix } from "node:path";
import { installShim, removeShim } from "../audit/shim.ts";
import type { Context } from "../context.ts";
import { type ExitStatus, exitStatus, UserError } from "../error.ts";
import { printable } from "../report/safe.ts";
import { shellQuote } from "../rules/shared/say.ts";
import { ownWords } from "../self.ts";
import { writeStream } from "../ui/output.ts";

export async function shim(
  options: { installShim?: string; removeShim?: string },
  words: readonly string[],
  context: Context,
): Promise<ExitStatus> {
  const { installShim: install, removeShim: remove } = options;
  if (words.length > 0 || (install !== undefined && remove !== undefined))
    throw new UserError(
      "a shim is made or removed by a command of its own",
      "give only --install-shim DIR or --remove-shim DIR",
    );
  const directory = posix.resolve(context.cwd, install ?? remove ?? "");
  if (install === undefined) {
    const text = removeShim(directory) ? "removed" : "there is no shim";
    await writeStream(context.stdout, `${printable(posix.join(directory, "go"))}: ${text}\n`);
    return exitStatus.ok;
  }
  const { go, written } = installShim({ directory, path: context.env["PATH"], program: ownWords() });
  const text = `${posix.join(directory, "go")} ${written ? "runs" : "already runs"} ${go} under gomodcache run`;
  await writeStream(context.stdout, `${printable(text)}\n  export PATH=${printable(shellQuote(directory))}:"$PATH"\n`);
  return exitStatus.ok;
}
