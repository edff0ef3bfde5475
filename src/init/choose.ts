// Which way to keep the setting, where the user did not say: nothing if go uses the directory already, a question at a terminal.

import { posix } from "node:path";
import { createInterface } from "node:readline";
import type { Context } from "../context.ts";
import { show } from "../host/bytes.ts";
import { printable } from "../report/safe.ts";
import { loginShell, nameOf, type PersistRequest } from "./owner.ts";
import type { PersistWay } from "./persist.ts";

/** The user's side of a question. */
interface Terminal {
  readonly input: NodeJS.ReadableStream & { readonly isTTY?: boolean };
}

/** How often an answer that is none is asked again. */
const mostAttempts = 3;

/**
 * The way to keep the setting. It asks on standard error, and only if that and standard input are terminals and no CI service
 * runs the command; else, and for an empty answer or the end of the input, it is `none`.
 * @param chosen the value of --persist
 */
export async function choosePersist(
  chosen: PersistWay | undefined,
  request: PersistRequest,
  context: Pick<Context, "env" | "stderr">,
  { input }: Terminal = { input: process.stdin },
): Promise<PersistWay> {
  if (chosen !== undefined) return chosen;
  if (request.used === request.directory) return "none";
  const { env, stderr } = context;
  const isCi = !["", "0", "false", undefined].includes(env["CI"]);
  if (input.isTTY !== true || stderr.isTTY !== true || isCi) return "none";
  const asker = createInterface({ input, output: stderr });
  // The terminal is raw while it asks, so that Ctrl-C comes as a character.
  asker.on("SIGINT", () => process.kill(process.pid, "SIGINT"));
  let isOpen = true;
  asker.once("close", () => {
    isOpen = false;
  });
  try {
    stderr.write(`${text(request, context)}\n`);
    asker.setPrompt("1, 2 or 3 [3]: ");
    asker.prompt();
    let attempts = 0;
    for await (const answer of asker) {
      const way = meaning(answer);
      if (way !== undefined) return way;
      attempts += 1;
      if (attempts === mostAttempts) break;
      if (isOpen) asker.prompt();
    }
    return "none";
  } finally {
    asker.close();
  }
}

function text(request: PersistRequest, context: Pick<Context, "env">): string {
  const { directory, owner, used } = request;
  const shell = posix.basename(loginShell(request, context)) || "sh";
  const now = used === undefined || used === "" ? "" : ` It uses ${show(used)} now.`;
  return [
    printable(`Shall go of ${nameOf(owner)} use ${show(directory)} from now on?${now}`),
    "  1  yes, as go's own setting (go env -w): for every go command",
    printable(`  2  yes, in the start-up file of ${shell}: for new shells`),
    "  3  no",
  ].join("\n");
}

/** What an answer means; undefined if it is none of them. */
function meaning(answer: string): PersistWay | undefined {
  const ways = new Map<string, PersistWay>([
    ...(["1", "go-env", "y", "yes"] as const).map((key): [string, PersistWay] => [key, "go-env"]),
    ...(["2", "shell"] as const).map((key): [string, PersistWay] => [key, "shell"]),
    ...(["3", "", "none", "n", "no"] as const).map((key): [string, PersistWay] => [key, "none"]),
  ]);
  return ways.get(answer.trim().toLowerCase());
}
