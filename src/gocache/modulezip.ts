// What go accepts as a module zip (golang.org/x/mod/zip: checkZip; golang.org/x/mod/module: CheckFilePath): go hashes any zip, but
// extracts none that breaks one of these rules.

/** Bytes: of the zip, and of all its files together (MaxZipFile). */
export const largestModule = 500 * 1024 * 1024;
/** Bytes of go.mod and of LICENSE (MaxGoMod, MaxLICENSE). */
export const largestGoMod = 16 * 1024 * 1024;

const allowed = /^[\p{L}0-9!#$%&()+,\-.=@[\]^_{}~ ]+$/u;
const reservedOnWindows = /^(?:con|prn|aux|nul|com[1-9]|lpt[1-9])(?:\..*)?$/i;

/** Looks at the names of one zip, one after the other. */
export class ModuleZipNames {
  private total = 0;
  /** Paths as they were met, by their form without case; directories end in a slash. */
  private readonly seen = new Map<string, string>();

  /** @param prefix `module@version/`, which every name begins with */
  constructor(private readonly prefix: string) {}

  /**
   * @param name as it stands in the zip
   * @param size of the file, uncompressed, in bytes
   * @returns why go refuses the zip; undefined if it does not
   */
  refuse(name: string, size: number): string | undefined {
    if (!name.startsWith(this.prefix)) return `a name does not begin with ${this.prefix}`;
    const path = name.slice(this.prefix.length);
    if (path === "") return undefined;
    const isDirectory = path.endsWith("/");
    const plain = isDirectory ? path.slice(0, -1) : path;
    return (
      this.refusePath(plain) ?? this.refuseCollision(plain, isDirectory) ?? this.refuseFile(plain, isDirectory, size)
    );
  }

  private refusePath(path: string): string | undefined {
    for (const element of path.split("/")) {
      if (element === "" || /^\.+$/.test(element)) return "a name is not clean (an empty element, . or ..)";
      if (element.endsWith(".")) return "an element of a name ends in a dot";
      if (!allowed.test(element)) return "a name holds a character that go does not allow";
      if (reservedOnWindows.test(element)) return `${element} is a reserved name on Windows`;
    }
    return undefined;
  }

  /** The path and every directory above it may occur once, in one spelling, as one of the two. */
  private refuseCollision(path: string, isDirectory: boolean): string | undefined {
    for (let at = path.length, directory = isDirectory; at > 0; at = path.lastIndexOf("/", at - 1), directory = true) {
      const own = path.slice(0, at);
      const folded = fold(own);
      const met = this.seen.get(folded);
      const spelled = directory ? `${own}/` : own;
      if (met === undefined) {
        this.seen.set(folded, spelled);
        continue;
      }
      if (met !== spelled) {
        return met.replace(/\/$/, "") === own
          ? "a name is both a file and a directory"
          : "two names differ only in upper and lower case";
      }
      if (!directory) return "a name occurs twice";
      // The directories above it were looked at when it was met first.
      return undefined;
    }
    return undefined;
  }

  private refuseFile(path: string, isDirectory: boolean, size: number): string | undefined {
    if (isDirectory) return undefined;
    const base = path.slice(path.lastIndexOf("/") + 1);
    if (base.toLowerCase() === "go.mod" && path !== "go.mod") {
      return base === path ? "go.mod is not written in lower case" : "a go.mod is not in the module's root directory";
    }
    this.total += size;
    if (this.total > largestModule) return `its files have more than ${largestModule} bytes`;
    if (path === "go.mod" && size > largestGoMod) return "its go.mod is too large";
    if (path === "LICENSE" && size > largestGoMod) return "its LICENSE is too large";
    return undefined;
  }
}

/** Equal for names that differ only in case: each character's simple folding, as far as it is one character. */
function fold(name: string): string {
  if (/^[^A-Z\u0080-\uffff]*$/.test(name)) return name;
  let folded = "";
  for (const character of name) folded += single(character, single(character, character.toUpperCase()).toLowerCase());
  return folded;
}

function single(character: string, changed: string): string {
  return [...changed].length === 1 ? changed : character;
}
