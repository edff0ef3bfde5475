// The names of the formats, and the way from a name to a text. A format is loaded when it is asked for.
import type { Report } from "../finding/finding.ts";
import type { RenderOptions } from "./options.ts";

/** In the order in which help lists them. `json` is the newest version of the JSON document, `json-v1` pins the first. */
export const formatNames = [
  "text",
  "compact",
  "json",
  "json-v1",
  "jsonl",
  "sarif",
  "junit",
  "github",
  "markdown",
] as const;
export type FormatName = (typeof formatNames)[number];

type Renderer = (report: Report, options: RenderOptions) => string;

const loaders: Record<FormatName, () => Promise<Renderer>> = {
  text: async () => (await import("./text.ts")).text,
  compact: async () => (await import("./compact.ts")).compact,
  json: async () => (await import("./json.ts")).json,
  "json-v1": async () => (await import("./json.ts")).json,
  jsonl: async () => (await import("./jsonl.ts")).jsonl,
  sarif: async () => (await import("./sarif.ts")).sarif,
  junit: async () => (await import("./junit.ts")).junit,
  github: async () => (await import("./github.ts")).github,
  markdown: async () => (await import("./markdown.ts")).markdown,
};

/** True if the text is the name of a format. */
export function isFormat(name: string): name is FormatName {
  return formatNames.some((known) => known === name);
}

/** Renders a report; the text ends in a newline. */
export async function render(report: Report, format: FormatName, options: RenderOptions): Promise<string> {
  return (await loaders[format]())(report, options);
}
