// A target and options -> the marked block, and what a file is with it. Pure.
import { type ContractName, contractNames } from "../contract/contract.ts";
import { UserError } from "../error.ts";
import { printable } from "../report/safe.ts";
import { shellQuote } from "../rules/shared/say.ts";
import { beginMark, endMark, type Marks, withBlock } from "./marked-block.ts";
import type { SettingName, Settings, Target } from "./target.ts";
import { targets } from "./targets.ts";

/** What was asked for; what is absent has a default. */
export interface Wanted {
  readonly variant?: string;
  readonly uid?: number;
  readonly gid?: number;
  readonly otherUid?: number;
  readonly cacheDir?: string;
  readonly contract?: ContractName;
  readonly goVersion?: string;
  readonly image?: string;
  readonly initImage?: string;
}

const flags: Readonly<Record<SettingName, string>> = {
  uid: "--uid",
  gid: "--gid",
  otherUid: "--other-uid",
  cacheDir: "--cache-dir",
  contract: "--contract",
  goVersion: "--go-version",
  image: "--image",
  initImage: "--init-image",
};
const names = Object.keys(flags) as SettingName[];

export const defaultGoVersion = "1.27";

/** (uid_t)-1 is no user (chown(2)). */
const largestId = 4294967294;

/** @throws {UserError} for a target that there is not */
export function targetNamed(name: string): Target {
  const target = targets.find((one) => one.name === name);
  if (target !== undefined) return target;
  throw new UserError(
    `there is nothing called "${printable(name)}" to generate`,
    `choose one of: ${targets.map((one) => one.name).join(", ")}`,
  );
}

/** @throws {UserError} for a value that the target does not take, or that its file could not hold */
export function settingsOf(target: Target, wanted: Wanted, version: string, goOfProject?: string): Settings {
  for (const name of names) {
    if (wanted[name] !== undefined && !target.takes.includes(name))
      throw new UserError(`generate ${target.name} has no use for ${flags[name]}`, takesText(target));
  }
  const variant = variantOf(target, wanted);
  const goVersion = wanted.goVersion ?? goOfProject ?? defaultGoVersion;
  if (!/^1\.\d{1,3}(\.\d{1,3}|rc\d{1,2}|beta\d{1,2})?$/.test(goVersion))
    throw new UserError(`"${printable(goVersion)}" is no version of Go`, "give one such as 1.27 or 1.27.3");
  const uid = idOf("--uid", wanted.uid ?? 1001);
  const gid = idOf("--gid", wanted.gid ?? uid);
  const otherUid = idOf("--other-uid", wanted.otherUid ?? (uid === largestId ? uid - 1 : uid + 1));
  if (otherUid === uid) throw new UserError(`--other-uid ${uid} is the same user as --uid`, "give another number");
  const { initImage } = wanted;
  if (initImage !== undefined) imageOf("--init-image", initImage);
  return {
    uid,
    gid,
    otherUid,
    cacheDir: directoryOf(target, wanted.cacheDir ?? target.cacheDir ?? "/go/pkg/mod"),
    contract: contractOf(target, variant, wanted.contract),
    goVersion,
    variant,
    image: imageOf("--image", wanted.image ?? `golang:${goVersion}`),
    version,
    ...(initImage === undefined ? {} : { initImage }),
  };
}

function takesText({ name, takes, variants }: Target): string {
  const all = [...takes.map((one) => flags[one]), ...(variants === undefined ? [] : ["--variant"])];
  return all.length === 0 ? `generate ${name} takes no settings` : `it takes ${all.join(", ")}`;
}

function variantOf(target: Target, { variant, contract }: Wanted): string {
  const { variants = [] } = target;
  if (variant === undefined) return variants.find((one) => one === contract) ?? variants[0] ?? "";
  if (variants.includes(variant)) return variant;
  throw new UserError(
    `generate ${target.name} has no variant "${printable(variant)}"`,
    variants.length === 0 ? "leave --variant out" : `choose one of: ${variants.join(", ")}`,
  );
}

/** A variant that is named as a contract is one. @throws {UserError} if both are given and differ */
function contractOf(target: Target, variant: string, contract: ContractName | undefined): ContractName {
  const own = contractNames.find((name) => name === variant);
  if (own === undefined && variant === "same-uid" && contract !== undefined && contract !== "private")
    throw new UserError(`--variant same-uid is of the contract private, not ${contract}`, "leave one of the two out");
  if (own !== undefined && contract !== undefined && own !== contract)
    throw new UserError(
      `generate ${target.name} --variant ${variant} is of the contract ${own}, not ${contract}`,
      "leave one of the two out",
    );
  return own ?? contract ?? "private";
}

function idOf(flag: string, id: number): number {
  if (Number.isInteger(id) && id > 0 && id <= largestId) return id;
  throw new UserError(
    id === 0
      ? `${flag} 0 is root, for whom permissions are no question`
      : `${flag} takes a number from 1 to ${largestId}`,
    "give the number of the user or group that go runs as, such as 1001",
  );
}

function imageOf(flag: string, name: string): string {
  if (/^[a-z0-9][\w.:/@-]{0,254}$/i.test(name)) return name;
  throw new UserError(`${flag} "${printable(name)}" is no name of an image`, "give one such as golang:1.27");
}

/** Only characters that no syntax here has a meaning for; a blank where it can be quoted. */
function directoryOf(target: Target, path: string): string {
  const { relative = false, noBlanks = false } = target;
  const clean = path.length > 1 ? path.replace(/\/+$/, "") : path;
  const problem = (): string | undefined => {
    if (/[^A-Za-z0-9 ._/@+-]/.test(clean)) return "has a character that could mean something in the file";
    if (noBlanks && clean.includes(" ")) return "has a blank, which this file cannot quote";
    if (clean.startsWith(" ") || clean.endsWith(" ")) return "begins or ends with a blank";
    if (relative && (clean.startsWith("/") || clean === "")) return "must be relative: it is below the work tree";
    if (!relative && !clean.startsWith("/")) return "is not absolute";
    if (/(^|\/)\.{1,2}(\/|$)|\/\/|\/ | \//.test(clean)) return "is not in its plain form";
    if (
      !relative &&
      /^\/(|tmp|workspace|src|(bin|boot|dev|etc|lib|lib32|lib64|proc|run|sbin|sys|usr)(\/.*)?|home|root|var|opt|srv)$/.test(
        clean,
      )
    )
      return "is a directory that belongs to the system, or to another purpose";
    return undefined;
  };
  const found = problem();
  if (found === undefined) return clean;
  throw new UserError(
    `--cache-dir ${printable(path)} ${found}`,
    `choose a directory such as ${target.cacheDir ?? "/go/pkg/mod"}`,
  );
}

/** The command line that makes the same block again. */
export function commandLine(target: Target, wanted: Wanted): string {
  const words = ["gomodcache", "generate", target.name];
  for (const name of names) {
    const value = wanted[name];
    if (value !== undefined) words.push(flags[name], shellQuote(String(value)));
  }
  if (wanted.variant !== undefined) words.push("--variant", shellQuote(wanted.variant));
  return words.join(" ");
}

/** The block with its marks, each line ended by LF. */
export function blockOf(target: Target, settings: Settings, command: string): string {
  const { begin, end } = marksOf(target);
  const comment = target.comment ?? "#";
  const lines = target.lines(settings);
  return [
    begin,
    `${comment} Written by: ${printable(command)}`,
    `${comment} The next run replaces this block, if nobody edited it (${checksum(lines)}). What is outside of it is left alone.`,
    ...lines,
    end,
    "",
  ].join("\n");
}

/** FNV-1a, 32 bits (draft-eastlake-fnv), of the lines without the blanks around them: it tells an edit, not an attack. */
function checksum(lines: readonly string[]): string {
  let hash = 0x811c9dc5;
  for (const line of lines) {
    for (const character of `${line.trim()}\n`)
      hash = Math.imul(hash ^ (character.codePointAt(0) as number), 0x01000193);
  }
  return (hash >>> 0).toString(16).padStart(8, "0");
}

/** True if the block in the text is not as it was written. */
function isEdited(text: string, { begin, end }: Marks): boolean {
  const lines = text.split("\n").map((line) => line.trimEnd());
  const from = lines.indexOf(begin);
  const sum = /, if nobody edited it \(([0-9a-f]{8})\)/.exec(lines[from + 2] ?? "")?.[1];
  return from >= 0 && sum !== checksum(lines.slice(from + 3, lines.indexOf(end)));
}

/**
 * The text of a file with the block in it.
 * @param text of the file; absent if there is none
 * @throws {UserError} if the block cannot be put there without losing something
 */
export function fileWith(target: Target, settings: Settings, block: string, file: string, text?: string): string {
  if (text === undefined) return `${target.head?.(settings) ?? ""}${block}`;
  const refuse = (reason: string): never => {
    throw new UserError(
      `${printable(file)} is there, and ${reason}`,
      `see what generate ${target.name} prints, or write it to another file: --write FILE`,
    );
  };
  const place = (old: string, fresh: string): string => {
    if (target.merge === undefined)
      return refuse("it was not written by gomodcache generate, so nothing of it was replaced");
    const merged = target.merge(old, fresh, settings);
    return typeof merged === "string" ? merged : refuse(merged.refused);
  };
  const marks = marksOf(target);
  if (isEdited(text, marks))
    return refuse("its gomodcache block was edited by hand, which would be lost; move those lines out of the block");
  return withBlock(text, target.adapt?.(text, block, settings) ?? block, file, place, marks).text;
}

function marksOf({ comment }: Target): Marks {
  const as = (mark: string): string => (comment === undefined ? mark : mark.replace("#", comment));
  return { begin: as(beginMark), end: as(endMark) };
}
