// `why PATH`: the permission chain.
import { resolve } from "node:path";
import type { Context } from "../context.ts";
import type { ExitStatus } from "../error.ts";
import { explainPath } from "../oracle/explain-path.ts";
import type { Ask } from "../permission/decision.ts";
import { whyText } from "../report/answer-text.ts";
import { whyJson } from "../report/json.ts";
import { writeStream } from "../ui/output.ts";
import { statusOfVerdict } from "./can.ts";
import { readQuestion } from "./question.ts";
import { type CommonOptions, renderOptions } from "./terminal.ts";

export async function why(
  path: string,
  options: CommonOptions & { op: string },
  context: Context,
): Promise<ExitStatus> {
  const { facts, world, directory } = readQuestion(options, context);
  const answer = explainPath(
    facts,
    world,
    resolve(directory, path),
    (options.op === "enter" ? "execute" : options.op) as Ask,
  );
  const rendering = renderOptions(options, context);
  await writeStream(context.stdout, options.json === true ? whyJson(answer, rendering) : whyText(answer, rendering));
  return statusOfVerdict[answer.verdict];
}
