// The gomodcache commands that a text tells its readers to type.
import { readCommands } from "../../src/lint/shell/read.ts";

export interface WrittenCommand {
  /** `FILE:LINE`, or what else tells where it stands. */
  readonly where: string;
  /** Without `gomodcache` itself. */
  readonly words: readonly string[];
}

const program = /^gomodcache(?:-init)?$/;

/** The commands of a Markdown page's fenced blocks; of a console session those after its prompts. */
export function commandsOfPage(file: string, text: string): WrittenCommand[] {
  const found: WrittenCommand[] = [];
  for (const block of text.matchAll(/^( *)```(\w*)\n([\s\S]*?)^\1```/gm)) {
    const [whole, , language = "", body = ""] = block;
    const first = text.slice(0, block.index).split("\n").length + 1;
    if (whole.length > 0)
      found.push(...commandsOfText(body, language === "console", (line) => `${file}:${first + line}`));
  }
  return found;
}

/** @param prompted only lines that begin with `$ ` are commands */
export function commandsOfText(text: string, prompted: boolean, where: (line: number) => string): WrittenCommand[] {
  const found: WrittenCommand[] = [];
  const lines = text.split("\n");
  for (let at = 0; at < lines.length; at += 1) {
    const start = at;
    let line = lines[at] as string;
    while (line.endsWith("\\") && at + 1 < lines.length) {
      at += 1;
      line = `${line.slice(0, -1)} ${lines[at]}`;
    }
    const prompt = /^\s*\$ (.*)$/.exec(line)?.[1];
    if (prompted && prompt === undefined) continue;
    for (const words of programsOf(prompt ?? line)) found.push({ where: where(start), words });
  }
  return found;
}

/** A line of a shell, a Dockerfile, a YAML list or an aligned list of examples. */
function programsOf(line: string): string[][] {
  const code = line.replace(/^\s*(?:RUN|- run:|run:|-)\s+/, "").replace(/^\s*(gomodcache\b.*?) {2,}.*$/, "$1");
  return readCommands(code).flatMap(({ words }) => {
    const values = words.map(({ value }) => value);
    if (values[0] === "npx") values.shift();
    if (!program.test(values[0] ?? "")) return [];
    const [name, ...rest] = values;
    return [name === "gomodcache-init" ? ["init", ...rest] : rest];
  });
}
