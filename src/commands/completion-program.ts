// The command table, continued: what shells complete.
import type { Command } from "commander";
import type { Context } from "../context.ts";

/** Where a command's exit status goes. */
type Finish = (status: number) => void;

/** @param program has all commands when one of these is called */
export function addCompletion(program: Command, finish: Finish, context: Context): void {
  program
    .command("completion")
    .exitOverride()
    .argument("<shell>", "bash, zsh or fish")
    .summary("a script that makes your shell complete commands")
    .description(
      "Prints a script for bash, zsh or fish. With it the shell completes commands, options, rules, operations, files, users, and the command after --, here and for gomodcache-init.",
    )
    .addHelpText("after", completionHelp)
    .action(async (shell: string) => {
      const { completion } = await import("./completion.ts");
      finish(await completion(shell, context));
    });
  program
    .command("complete", { hidden: true })
    .exitOverride()
    .argument("[word...]", "after --: the words after the program's name, up to the cursor")
    .summary("what the scripts of completion ask")
    .action(async (words: string[]) => {
      const { completeWords } = await import("./completion.ts");
      finish(await completeWords(words, program, context));
    });
}

const completionHelp = `
Examples:
  source <(gomodcache completion bash)       now; for ever, in ~/.bashrc
  gomodcache completion bash > ~/.local/share/bash-completion/completions/gomodcache
  gomodcache completion zsh > ~/.zfunc/_gomodcache     if fpath has ~/.zfunc
  gomodcache completion fish > ~/.config/fish/completions/gomodcache.fish

The script asks gomodcache on PATH at each Tab; it uses no network.`;
