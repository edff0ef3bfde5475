// Who an instruction runs as.
import type { ShellCommand } from "../shell/command.ts";
import { programOf } from "../shell/command.ts";

/** A user that an instruction of the file adds to /etc/passwd. */
export interface Account {
  readonly uid?: number;
  readonly gid?: number;
  /** Undefined if the command leaves it open. */
  readonly home?: string;
}

export interface User {
  /** As `USER` has it, without the group; `root` where the base image says so. */
  readonly text: string;
  readonly uid?: number;
  readonly gid?: number;
  readonly root: boolean;
  /** What is known of its home; undefined if nothing is. */
  readonly home?: string;
}

/** The user of a `USER` instruction with its variables replaced. */
export function userOf(
  value: string,
  accounts: ReadonlyMap<string, Account>,
  /** True if the image has no other accounts with an ID of 1000 and above. */
  accountsKnown: boolean,
): User {
  const [text = "", group] = value.split(":");
  if (text === "root" || text === "0" || text === "") return { text, uid: 0, root: true, home: "/root" };
  const numeric = /^\d+$/.test(text) ? Number(text) : undefined;
  const account =
    numeric === undefined ? accounts.get(text) : [...accounts.values()].find(({ uid }) => uid === numeric);
  const uid = numeric ?? account?.uid;
  const gid = group !== undefined && /^\d+$/.test(group) ? Number(group) : account?.gid;
  // Engines take the home from /etc/passwd, and "/" for a number that is not in it. Where somebody was added without a number
  // that is known, the number could be theirs.
  const strangers = [...accounts.values()].some((one) => one.uid === undefined);
  // 65534 is nobody nearly everywhere.
  const foreign = numeric !== undefined && numeric >= 1001 && numeric !== 65534;
  const nameless = foreign && account === undefined && accountsKnown && !strangers;
  const home = account?.home ?? (nameless ? "/" : undefined);
  return {
    text,
    root: false,
    ...(uid === undefined ? {} : { uid }),
    ...(gid === undefined ? {} : { gid }),
    ...(home === undefined ? {} : { home }),
  };
}

/** The account that a useradd or adduser makes. */
export function accountOf(
  command: ShellCommand,
  expandWord: (text: string) => string | undefined,
): { name: string; account: Account } | undefined {
  const program = programOf(command);
  if (program !== "useradd" && program !== "adduser") return undefined;
  // adduser is busybox's on Alpine and Debian's own elsewhere; their long options do not clash, and neither do the short ones here.
  const valued =
    /^(-[ugGdshkcKepfbGa]|--(uid|gid|ingroup|home|home-dir|shell|groups|gecos|comment|base-dir|password))$/;
  const options = new Map<string, string>();
  const operands: string[] = [];
  const words = command.words.slice(1).map(({ value }) => expandWord(value) ?? "\0");
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] as string;
    const joined = /^(--[a-z-]+)=(.*)$/.exec(word);
    const cluster = /^-[A-Za-z]*([uhd])$/.exec(word);
    if (joined !== null) options.set(joined[1] as string, joined[2] as string);
    else if (valued.test(word) || (cluster !== null && cluster[0].length > 2)) {
      index += 1;
      options.set(cluster !== null && cluster[0].length > 2 ? `-${cluster[1]}` : word, words[index] ?? "\0");
    } else if (!word.startsWith("-")) operands.push(word);
    else options.set(word, "");
  }
  const name = operands[0];
  if (name === undefined || name.includes("\0")) return undefined;
  const uid = number(options.get("-u") ?? options.get("--uid"));
  const gid = number(options.get("-g") ?? options.get("--gid"));
  const given = options.get("-d") ?? options.get("--home-dir") ?? options.get("--home") ?? options.get("-h");
  const home = given === undefined || given === "" ? `/home/${name}` : given.includes("\0") ? undefined : given;
  return {
    name,
    account: {
      ...(uid === undefined ? {} : { uid }),
      ...(gid === undefined ? {} : { gid }),
      ...(home === undefined ? {} : { home }),
    },
  };
}

function number(text: string | undefined): number | undefined {
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;
}
