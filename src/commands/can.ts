// `can OPERATION`: yes, no or unknown, and the first reason.
import type { Context } from "../context.ts";
import { type ExitStatus, exitStatus, UserError } from "../error.ts";
import type { ModuleVersion } from "../gocache/gomod.ts";
import { isOperation, operations } from "../gocache/operation.ts";
import { Oracle } from "../oracle/ask.ts";
import { canText } from "../report/answer-text.ts";
import { canJson } from "../report/json.ts";
import { writeStream } from "../ui/output.ts";
import { readQuestion } from "./question.ts";
import { expectShortRun } from "./short-run.ts";
import { type CommonOptions, renderOptions } from "./terminal.ts";

export async function can(
  operation: string,
  options: CommonOptions & { for?: string; module?: ModuleVersion },
  context: Context,
): Promise<ExitStatus> {
  if (!isOperation(operation)) {
    throw new UserError(`"${operation}" is no operation`, `operations: ${operations.join(", ")}`);
  }
  if (options.module !== undefined && operation !== "get" && operation !== "download") {
    throw new UserError(`--module says nothing to ${operation}`, "use it with get or download");
  }
  expectShortRun();
  const { facts, world, directory } = readQuestion(options, context);
  const answer = new Oracle(facts, world).ask({
    operation,
    directory,
    ...(options.module === undefined ? {} : { module: options.module }),
  });
  const rendering = renderOptions(options, context);
  await writeStream(context.stdout, options.json === true ? canJson(answer, rendering) : canText(answer, rendering));
  return statusOfVerdict[answer.verdict];
}

/** The exit status of an answer. */
export const statusOfVerdict = {
  yes: exitStatus.ok,
  no: exitStatus.findings,
  unknown: exitStatus.incomplete,
} as const;
