// Which file a shell reads when it starts, and in which words: bash(1), zsh(1), fish(1), sh(1), section "INVOCATION" or "FILES".
import { posix } from "node:path";
import { UserError } from "../error.ts";
import type { Environment } from "../host/container.ts";
import { type Dialect, exportLine } from "./shell-block.ts";

export interface StartFile {
  readonly path: string;
  readonly dialect: Dialect;
  /** What is to know about who reads it; absent for an ordinary login shell. */
  readonly caution?: string;
}

/**
 * The start-up file of a login shell.
 * @param shell the program; empty means /bin/sh (passwd(5))
 * @param variables the user's own environment, if it is known: zsh and fish let it say where their files are
 * @throws {UserError} for the C shells, which share no syntax with the others
 */
export function startFile(shell: string, home: string, variables: Environment, directory: string): StartFile {
  const name = posix.basename(shell).replace(/^-/, "");
  const below = (variable: string, usual: string): string => {
    const chosen = variables[variable];
    return chosen && posix.isAbsolute(chosen) ? chosen : usual;
  };
  switch (name) {
    case "bash":
      return { path: posix.join(home, ".bashrc"), dialect: "posix" };
    case "zsh":
      return { path: posix.join(below("ZDOTDIR", home), ".zshrc"), dialect: "posix" };
    case "fish": {
      const configuration = below("XDG_CONFIG_HOME", posix.join(home, ".config"));
      return { path: posix.join(configuration, "fish/conf.d/gomodcache.fish"), dialect: "fish" };
    }
    case "csh":
    case "tcsh":
      throw new UserError(
        `${name} is not a shell whose files this command writes`,
        `use --persist go-env; or add to ${posix.join(home, `.${name}rc`)}: setenv ${exportLine(directory, "posix").slice("export ".length).replace("=", " ")}`,
      );
    case "nologin":
    case "false":
      return {
        path: posix.join(home, ".profile"),
        dialect: "posix",
        caution: `its login shell is ${name}: only a shell that is started as a login shell by other means (su -s, sudo -i) reads it; --persist go-env works without any shell`,
      };
    default:
      return { path: posix.join(home, ".profile"), dialect: "posix" };
  }
}
