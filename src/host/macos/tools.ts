// The one place that runs a tool of macOS. Tests give it a directory of programs with recorded behaviour.
import { readSystemFile } from "../read-text.ts";
import { type RunResult, run } from "../run.ts";

/** The tools that are asked; chmod and chflags alone change something, and only the engine in tree/ runs them. */
export type MacosTool =
  | ("ls" | "mount" | "id" | "dscacheutil" | "xattr" | "csrutil" | "ps" | "sysctl")
  | ("chmod" | "chflags");

/** Where macOS has them. They are on the sealed system volume, so nobody can have put others there. */
const places: Record<MacosTool, string> = {
  ls: "/bin",
  mount: "/sbin",
  id: "/usr/bin",
  ps: "/bin",
  dscacheutil: "/usr/bin",
  xattr: "/usr/bin",
  csrutil: "/usr/bin",
  sysctl: "/usr/sbin",
  chmod: "/bin",
  chflags: "/usr/bin",
};

export interface MacosTools {
  /**
   * Runs a tool with these arguments, in the C locale, for at most ten seconds.
   * @param cwd `.` for the directory that this process is in, whatever its path has become; `/` if absent
   */
  readonly run: (tool: MacosTool, args: readonly string[], cwd?: ".") => RunResult;
  /** The text of a file of the system; undefined if it cannot be read. */
  readonly file: (path: string) => string | undefined;
}

/** @param directory instead of those where macOS has its tools; its directory `files` stands for `/` */
export function macosTools(directory?: string): MacosTools {
  return {
    file: (path) => readSystemFile(directory === undefined ? path : `${directory}/files${path}`),
    run: (tool, args, cwd) =>
      run(`${directory ?? places[tool]}/${tool}`, args, {
        env: { PATH: "/usr/bin:/bin:/usr/sbin:/sbin", LC_ALL: "C" },
        timeout: 10_000,
        ...(cwd === undefined ? {} : { cwd }),
      }),
  };
}

/** The kind of system, and the means to ask it. */
export interface Platform {
  /** As `process.platform` has it. */
  readonly name: string;
  /** Only used where the name is `darwin`. */
  readonly tools: MacosTools;
}

export const thisPlatform: Platform = { name: process.platform, tools: macosTools() };
