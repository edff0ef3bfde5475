// What the mode of each kind of entry should be: the modes that Go asks for (cmd/go/internal/modfetch, x/mod/zip), less the umask.
import type { EntryKind } from "../gocache/kind.ts";
import type { Contract } from "./contract.ts";

/** Modes that Go asks for before the umask: os.MkdirAll 0777, files 0666; extracted: files 0444, directories without write bits. */
const asked = {
  directory: 0o777,
  file: 0o666,
  extractedDirectory: 0o555,
  extractedFile: 0o444,
  program: 0o555,
} as const;

const setgid = 0o2000;

/**
 * The twelve permission bits that an entry of this kind should have.
 * @param mode the bits it has: of files in cache/vcs and of things that are not Go's, the owner's bits are kept
 */
export function wantedMode(kind: EntryKind, isDirectory: boolean, mode: number, contract: Contract): number {
  // On macOS every directory hands its group on (open(2)), and new ones have no setgid.
  const hands = contract.name === "group" && contract.darwin === undefined;
  const shared = isDirectory && hands ? setgid : 0;
  // A program of a toolchain is made executable when it is first used, which only its owner can do.
  if (kind === "toolchain-binary" && contract.name === "private" && mode === unusedProgram(contract)) return mode;
  return (bitsOf(kind, isDirectory, mode, contract) & ~contract.umask) | shared;
}

function unusedProgram(contract: Contract): number {
  return asked.extractedFile & ~contract.umask;
}

function bitsOf(kind: EntryKind, isDirectory: boolean, mode: number, contract: Contract): number {
  switch (kind) {
    case "module-directory":
    case "source-directory":
      return contract.writableTrees === true ? asked.directory : asked.extractedDirectory;
    case "source-file":
      return asked.extractedFile;
    case "toolchain-binary":
      return asked.program;
    case "foreign":
      // Strangers' things have their own reasons: rights are taken away at most.
      return mode & 0o777;
    case "vcs":
      return isDirectory ? asked.directory : asTheOwner(mode);
    default:
      return isDirectory ? asked.directory : asked.file;
  }
}

/** Whoever may share it gets what the owner has: adjust_shared_perm of git's path.c does the same. */
function asTheOwner(mode: number): number {
  const owner = (mode >> 6) & 7;
  return (owner << 6) | (owner << 3) | owner;
}

/** True for what go makes and then only reads: a group need not inherit rights to write there. */
export function isExtracted(kind: EntryKind): boolean {
  return (
    kind === "module-directory" || kind === "source-directory" || kind === "source-file" || kind === "toolchain-binary"
  );
}
