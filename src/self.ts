// How this program starts itself again, as a script of node's or as a single executable (scripts/build-executables.sh).
import { realpathSync } from "node:fs";

/** True in an executable: the bundle's files are inside it, where its runtime, Bun, has them below /$bunfs. */
export const isExecutable = import.meta.url.startsWith("file:///$bunfs/");

/** The first word that makes an executable what is a program of its own in the package: init/edit-worker. */
export const editWord = "--edit-as-owner";

/** The words that start this program: the executable, or node and the script, without links. */
export function ownWords(): string[] {
  return isExecutable ? [process.execPath] : [process.execPath, realpathSync(process.argv[1] as string)];
}
