// How an answer is to be drawn: from the options, the environment and the stream.
import type { Context } from "../context.ts";
import type { RenderOptions } from "../report/options.ts";
import { type ColourFlag, colourEnabled } from "../ui/colour.ts";
import { terminalWidth, unicodeLocale } from "../ui/terminal.ts";

export interface CommonOptions {
  readonly cacheDir?: string;
  readonly as?: string;
  readonly C?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
  /** False for --no-color. */
  readonly color: ColourFlag | false;
}

export function renderOptions(options: CommonOptions, context: Context): RenderOptions {
  const flag = options.color === false ? "never" : options.color;
  return {
    version: context.version,
    width: terminalWidth(context.stdout),
    colour: colourEnabled(flag, context.env, context.stdout),
    unicode: unicodeLocale(context.env),
    verbose: options.verbose === true,
    quiet: options.quiet === true,
  };
}
