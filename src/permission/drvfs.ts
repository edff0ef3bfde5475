// Windows drives inside WSL (DrvFs): what the mount table tells of them. WSL1 mounts the type drvfs; WSL2 mounts 9p, with the
// options in `aname`, or virtiofs, whose options only Windows knows (src/linux/init/drvfs.cpp of microsoft/WSL).

export interface Drvfs {
  /** Whether modes and owners are kept in the files' extended attributes; undefined if the mount table does not say. */
  readonly metadata: boolean | undefined;
  /** All options as they were given: `metadata`, `uid=1000`, `umask=22`, `case=dir`. Empty for virtiofs. */
  readonly options: readonly string[];
}

/** What of a mount is looked at. */
interface Mounted {
  readonly type: string;
  readonly source: string;
  readonly options: readonly string[];
}

/** WSL's tags of virtiofs devices: drvfs or drvfsa with letters and digits behind it, and since 2.7 a GUID for each share. */
const virtiofsTag = /^(drvfs[\w]*|\{?[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\}?)$/i;

/** The drive behind a mount, or undefined if it is none. */
export function drvfsOf({ type, source, options }: Mounted): Drvfs | undefined {
  if (type === "drvfs") return { metadata: options.includes("metadata"), options };
  if (type === "9p") {
    const name = options.find((option) => option === "aname=drvfs" || option.startsWith("aname=drvfs;"));
    if (name === undefined) return undefined;
    const given = name.split(";").slice(1);
    return { metadata: given.includes("metadata"), options: given };
  }
  if (type === "virtiofs" && virtiofsTag.test(source)) return { metadata: undefined, options: [] };
  return undefined;
}
