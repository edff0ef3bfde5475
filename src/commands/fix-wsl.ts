// `fix` in WSL: on a Windows drive that keeps no modes there is nothing to repair. What helps is a cache on the Linux side, or
// /etc/wsl.conf and a restart.
import type { Context } from "../context.ts";
import { type ExitStatus, exitStatus, UserError } from "../error.ts";
import type { Facts } from "../facts/facts.ts";
import { type Written, writeConf } from "../fix/wsl-conf.ts";
import { drvfsOf } from "../permission/drvfs.ts";
import { repairJson } from "../report/repair-json.ts";
import { printable } from "../report/safe.ts";
import { linuxSideFix, restartFix } from "../rules/shared/wsl.ts";
import { confPath } from "../wsl/automount.ts";
import { type ConfPlan, planConf, textsOf } from "../wsl/plan.ts";
import { confirm } from "./confirm.ts";
import type { FixOptions } from "./fix-options.ts";
import { say } from "./repairing.ts";
import { renderOptions } from "./terminal.ts";

/** Whether changes of modes would be lost where the cache is; what fix was told to do by name it does nevertheless. */
export function isLostOnDrive({ cache, wsl }: Facts, options: FixOptions): boolean {
  if (wsl === undefined || cache.mount === undefined || drvfsOf(cache.mount)?.metadata !== false) return false;
  const { plan, planOut, printCommands, only, verify } = options;
  return [plan, planOut, printCommands, verify].every((one) => one === undefined) && only.length === 0;
}

/** Says where the cache should be, and offers to set metadata for the drive it is on. */
export async function fixWindowsDrive(facts: Facts, options: FixOptions, context: Context): Promise<ExitStatus> {
  const { mount, path } = facts.cache;
  const better = linuxSideFix(facts);
  const lines = [
    `${printable(path)} is on the Windows drive ${mount?.mountPoint}, mounted without metadata: it keeps no modes and no`,
    "owners, so that nothing in it can be repaired.",
    "",
    `Better, since every file of the drive passes through Windows: ${better.title}`,
    `  ${better.command}`,
    "",
    "",
  ];
  const status = await change(facts, options, context, lines.join("\n"));
  // The cache is as it was before, and will be until WSL is restarted.
  return status === exitStatus.ok && options.dryRun !== true ? exitStatus.findings : status;
}

/** Sets metadata for the drives that WSL mounts by itself. @throws {UserError} outside of WSL */
export async function fixWslConf(facts: Facts, options: FixOptions, context: Context): Promise<ExitStatus> {
  if (facts.wsl === undefined)
    throw new UserError(
      `this is no distribution of WSL${facts.container === undefined ? "" : ` (but ${facts.container})`}`,
      `${confPath} counts only there`,
    );
  return change(facts, options, context, "");
}

async function change(facts: Facts, options: FixOptions, context: Context, lead: string): Promise<ExitStatus> {
  const texts = textsOf(facts);
  if (texts === undefined || "unseen" in texts)
    throw new UserError(
      `${texts?.unseen ?? confPath}: it could not be read`,
      "run it with sudo",
      exitStatus.incomplete,
    );
  const mounts = "value" in facts.mounts ? facts.mounts.value : [];
  const plan = planConf(texts, mounts, lead === "" ? undefined : facts.cache.mount);
  const shown = `${lead}${wordsOf(plan)}`;
  let written: Written | undefined;
  let isShown = options.quiet === true;
  if (plan.change !== undefined && options.dryRun !== true) {
    // Nobody is asked for what cannot be done then.
    if (process.geteuid?.() !== 0) written = { refused: "only root may write there", privilege: true };
    else {
      if (options.yes !== true) {
        await confirm(`Write ${confPath}?`, context, () => say(context, shown));
        isShown = true;
      }
      written = writeConf(plan.change.before, plan.change.after);
    }
  }
  await tell(facts, plan, written, isShown ? "" : shown, options, context);
  if (written !== undefined && "refused" in written)
    return written.privilege === true ? exitStatus.privilege : exitStatus.findings;
  return plan.refused === undefined ? exitStatus.ok : exitStatus.findings;
}

async function tell(
  facts: Facts,
  plan: ConfPlan,
  written: Written | undefined,
  shown: string,
  options: FixOptions,
  context: Context,
): Promise<void> {
  const refused = written !== undefined && "refused" in written ? written.refused : plan.refused;
  const isWritten = written !== undefined && !("refused" in written);
  const backup = isWritten ? (written as { backup?: string }).backup : undefined;
  if (options.json === true) {
    const root = facts.cache.realPath === "" ? facts.cache.path : facts.cache.realPath;
    const empty = { root, entries: 0, directories: [] };
    const conf = {
      path: confPath,
      edit: plan.change?.diff ?? "",
      ...(refused === undefined ? {} : { refused }),
      written: isWritten,
      ...(backup === undefined ? {} : { backup }),
      restart: plan.restart,
    };
    await say(context, repairJson("fix", empty, undefined, renderOptions(options, context), conf));
    return;
  }
  const parts = [shown];
  if (written !== undefined && "refused" in written) {
    parts.push(`${confPath} was not changed: ${printable(written.refused)}\n`);
    if (written.privilege === true) parts.push("An administrator has to do it: sudo gomodcache fix --wsl-conf\n");
  } else if (isWritten) {
    const kept =
      backup === undefined ? `To take it back: sudo rm ${confPath}` : `To take it back: sudo mv ${backup} ${confPath}`;
    parts.push(`Wrote ${confPath}. ${kept}\n`);
  } else if (plan.change !== undefined) parts.push("Nothing was changed (--dry-run)\n");
  if (plan.restart && refused === undefined) parts.push(restartWords(plan.change === undefined || isWritten));
  await say(context, parts.join(""));
}

function wordsOf({ change, refused, restart }: ConfPlan): string {
  if (refused !== undefined) return `${confPath} is left as it is: ${printable(refused)}\n`;
  if (change !== undefined) {
    const lines = change.diff.split("\n").map((line) => (line === "" ? "" : `  ${printable(line.replace(/\r$/, ""))}`));
    return `So that WSL keeps modes on its Windows drives, ${confPath}:\n${lines.join("\n")}`;
  }
  return restart
    ? `${confPath} sets metadata already, and the drives are not mounted with it yet\n`
    : `Nothing to do: ${confPath} sets metadata, and no drive that WSL mounts is without it\n`;
}

function restartWords(isNow: boolean): string {
  return [
    `${isNow ? "WSL" : "Afterwards, WSL"} must be restarted: it reads the file when a distribution starts.`,
    "  in Windows    wsl.exe --shutdown         ends every distribution; wait 8 seconds before you start one",
    `  or in here    ${restartFix.command}   ends this one, with all its programs`,
    "A file without metadata then shows what Windows allows, less the masks, until its mode or owner is changed.",
    "",
  ].join("\n");
}
