// What generate makes of each target and variant, without the program.
import { blockOf, commandLine, fileWith, settingsOf, type Wanted } from "../../src/generate/render.ts";
import type { Target } from "../../src/generate/target.ts";
import { targets } from "../../src/generate/targets.ts";

/** What stands in a new file. */
export function made(target: Target, wanted: Wanted = {}): string {
  const settings = settingsOf(target, wanted, "0.1.0");
  return fileWith(target, settings, blockOf(target, settings, commandLine(target, wanted)), "");
}

export const forms = targets.flatMap((target) =>
  (target.variants ?? [undefined]).map((variant) => ({ target, variant })),
);

export const wantedOf = (variant: string | undefined): Wanted => (variant === undefined ? {} : { variant });

/** Where --write puts it. */
export function fileOf(target: Target, variant = ""): string {
  return typeof target.file === "string" ? target.file : target.file(variant);
}
