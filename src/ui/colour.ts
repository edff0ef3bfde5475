// Whether to colour, decided once for each stream, and how.
import { styleText } from "node:util";

export type ColourFlag = "auto" | "always" | "never";

type Environment = Readonly<Record<string, string | undefined>>;

const isSet = (value: string | undefined): boolean => value !== undefined && value !== "";
const isOff = (value: string | undefined): boolean => value === "0" || value?.toLowerCase() === "false";

/**
 * Whether what is written to this stream is coloured: the flag, NO_COLOR (no-color.org: when not empty), FORCE_COLOR and
 * CLICOLOR_FORCE (0 turns FORCE_COLOR into its opposite), TERM=dumb, and last whether this very stream is a terminal.
 */
export function colourEnabled(flag: ColourFlag, env: Environment, stream: { readonly isTTY?: boolean }): boolean {
  if (flag !== "auto") return flag === "always";
  if (isSet(env["NO_COLOR"])) return false;
  if (isSet(env["FORCE_COLOR"])) return !isOff(env["FORCE_COLOR"]);
  if (isSet(env["CLICOLOR_FORCE"]) && !isOff(env["CLICOLOR_FORCE"])) return true;
  if (env["TERM"] === "dumb") return false;
  return stream.isTTY === true;
}

type Style = (format: Parameters<typeof styleText>[0], text: string) => string;

/** A function that styles, or leaves alone. The stream was asked before (colourEnabled), so Node must not ask again. */
export function style(on: boolean): Style {
  return (format, text) => (on ? styleText(format, text, { validateStream: false }) : text);
}
