// The causes of a log as annotations of GitHub Actions.
import type { Classification } from "../causes/cause.ts";
import { printable, workflowData, workflowProperty } from "./safe.ts";

/** One `::error` for the root cause and a `::warning` for each other that is shown; nothing for category none. */
export function classifyGithub(answer: Classification, top: number): string {
  return answer.causes
    .slice(0, top)
    .map(({ category, subcategory, message, evidence, remedies }, index) => {
      const command = remedies.find((remedy) => remedy.command !== undefined)?.command;
      const lines = [
        printable(`${message}.`),
        printable(`line ${evidence.line}: ${evidence.text.slice(0, 500)}`),
        ...(command === undefined ? [] : [printable(`fix: ${command}`)]),
      ];
      const title = workflowProperty(printable(`${category}: ${subcategory}`));
      return `::${index === 0 ? "error" : "warning"} title=${title}::${workflowData(lines.join("\n"))}\n`;
    })
    .join("");
}
