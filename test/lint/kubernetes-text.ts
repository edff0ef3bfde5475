// Manifests for the tests of the kubernetes rules, put together from their parts.
import { found } from "./found.ts";

const indented = (text: string, by: number): string => text.replace(/^(?=.)/gm, " ".repeat(by)).trimStart();

/** A container as YAML in braces; `rest` is what else it has. */
export const container = (name: string, image: string, rest: string): string =>
  `{name: ${name}, image: "${image}", ${rest}}`;

/** A pod with its init containers, its containers, and an emptyDir `cache` if no other volume is given. */
export function pod(parts: { init?: string[]; main: string[]; spec?: string; volume?: string }): string {
  const list = (name: string, items: string[]): string =>
    items.length === 0 ? "" : `  ${name}:\n${items.map((item) => `    - ${indented(item, 6)}\n`).join("")}`;
  const { init = [], main, spec = "", volume = "emptyDir: {}" } = parts;
  const more = spec === "" ? "" : `  ${indented(spec, 2)}\n`;
  return `apiVersion: v1\nkind: Pod\nmetadata: {name: build}\nspec:\n${more}${list("initContainers", init)}${list("containers", main)}  volumes:\n    - {name: cache, ${volume}}\n`;
}

/** The lines at which a rule finds something in a manifest. */
export function linesIn(rule: string, text: string): number[] {
  return found(rule, "deploy/pod.yaml", text).map(({ location }) => location?.line ?? 0);
}
