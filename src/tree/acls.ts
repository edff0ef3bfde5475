// The ACLs of many entries, asked of getfacl(1) in a child process while the walk goes on. Node cannot read extended attributes.
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { closeSync, constants, openSync } from "node:fs";
import { fromBytes, show, toBytes } from "../host/bytes.ts";
import { systemPath } from "../host/system-path.ts";
import { type EntryAcls, parseGetfacl } from "../permission/acl.ts";
import { getfacl as getfaclPinned } from "./acl-change.ts";
import { O_PATH } from "./means-proc.ts";

/** getfacl answers within milliseconds; only a dead network mount keeps it longer. */
const timeout = 60_000;

export interface AclAnswer {
  /** The ACLs of those entries that have one, by path. */
  readonly acls: ReadonlyMap<string, EntryAcls>;
  /** Why not all of them could be read, if so. */
  readonly unseen?: string;
}

/**
 * Asks for extended and default ACLs. Paths that are gone meanwhile have none.
 * @param paths absolute, none of them a symbolic link
 */
export async function askAcls(paths: readonly string[]): Promise<AclAnswer> {
  const acls = new Map<string, EntryAcls>();
  let unseen: string | undefined;
  const ask = async (args: readonly string[], input: string | Buffer): Promise<void> => {
    const answer = await getfacl(args, input);
    unseen ??= answer.problem;
    const unread = readBlocks(answer.output, acls);
    if (unread !== undefined) unseen ??= `getfacl printed a line of an unknown form: ${unread.slice(0, 100)}`;
  };
  // getfacl reads one path a line, so a name that holds a newline has to be an argument.
  const lines = paths.filter((path) => !path.includes("\n"));
  if (lines.length > 0) {
    await ask(["-"], toBytes(`${lines.join("\n")}\n`));
  }
  for (const path of paths) {
    if (!path.includes("\n")) continue;
    const bytes = toBytes(path);
    // Node passes arguments as UTF-8 only.
    if (typeof bytes === "string") await ask(["--", bytes], "");
    else {
      const found = pinnedAcls(bytes);
      if (typeof found === "string") unseen ??= `${show(path)}: ${found}`;
      else if (found !== undefined) acls.set(path, found);
    }
  }
  return unseen === undefined ? { acls } : { acls, unseen };
}

/** The ACLs of an entry that is given by descriptor. @returns a string if they cannot be read */
function pinnedAcls(path: Buffer): EntryAcls | string | undefined {
  let fd: number;
  try {
    fd = openSync(path, O_PATH | constants.O_NOFOLLOW);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === "ENOENT" || code === "ENOTDIR" ? undefined : `its ACL cannot be read (${code})`;
  }
  try {
    const found = getfaclPinned([fd]);
    return typeof found === "string" ? found : found[0];
  } finally {
    closeSync(fd);
  }
}

/** In a shared cache nearly all ACLs are one of a few: each is parsed once, and its entries share it. */
const parsed = new Map<string, EntryAcls | undefined>();
const mostParsed = 1_000;

/**
 * Reads what getfacl says, a block of lines for each entry.
 * @param output in latin1
 * @returns a line of an unknown form, if there is one
 */
function readBlocks(output: string, acls: Map<string, EntryAcls>): string | undefined {
  const unread: string[] = [];
  for (const block of output.split("\n\n")) {
    const path = block.slice("# file: ".length, block.indexOf("\n"));
    const body = block.indexOf("\nuser::");
    if (body < 0) continue;
    if (path.includes("\\")) {
      for (const [unescaped, found] of parseGetfacl(block, unread))
        acls.set(fromBytes(Buffer.from(unescaped, "latin1")), found);
      continue;
    }
    const text = block.slice(body);
    if (!parsed.has(text)) {
      if (parsed.size >= mostParsed) parsed.clear();
      parsed.set(text, parseGetfacl(`# file: ${path}${text}`, unread).get(path));
    }
    const found = parsed.get(text);
    if (found !== undefined) acls.set(asciiOnly.test(path) ? path : fromBytes(Buffer.from(path, "latin1")), found);
    // Not remembered, so that it is told each time.
    if (unread.length > 0) parsed.delete(text);
  }
  return unread[0];
}

const asciiOnly = /^[\x00-\x7f]*$/;

async function getfacl(args: readonly string[], input: string | Buffer): Promise<{ output: string; problem?: string }> {
  const output: Buffer[] = [];
  const running = new Getfacl(args, (part) => output.push(part));
  running.tell(input);
  const problem = await running.finish();
  return { output: Buffer.concat(output).toString("latin1"), ...(problem === undefined ? {} : { problem }) };
}

/** A getfacl that runs, and prints the entries that have an extended or a default ACL. */
export class Getfacl {
  private readonly child: ChildProcessWithoutNullStreams;
  private readonly ended: Promise<string | undefined>;
  /** Ends it when it has not answered for long. */
  private readonly limit: NodeJS.Timeout;

  /** @param args options, and paths or `-` for paths from its standard input */
  constructor(args: readonly string[], onOutput: (part: Buffer) => void) {
    const child = spawn("getfacl", ["-P", "-p", "-n", "-s", ...args], {
      cwd: "/",
      env: { PATH: systemPath, LC_ALL: "C" },
    });
    this.child = child;
    this.limit = setTimeout(() => this.expire(), timeout);
    let complaints = "";
    child.stdout.on("data", onOutput);
    child.stderr.on("data", (part: Buffer) => {
      if (complaints.length < 100_000) complaints += part.toString("latin1");
    });
    // getfacl may end before it has read everything: what it said tells why.
    child.stdin.on("error", () => undefined);
    this.ended = new Promise((resolve) => {
      child.on("error", ({ code }: NodeJS.ErrnoException) => {
        clearTimeout(this.limit);
        resolve(code === "ENOENT" ? "getfacl is not installed" : `getfacl cannot run (${code})`);
      });
      child.on("close", (status) => {
        clearTimeout(this.limit);
        resolve(status === null ? `getfacl did not answer within ${timeout / 1000} s` : complaint(complaints));
      });
    });
  }

  /** @param input paths, each with a newline after it */
  tell(input: string | Buffer): void {
    this.limit.refresh();
    this.child.stdin.write(input);
  }

  /** How many bytes of what it was told it has not taken yet. */
  get waiting(): number {
    return this.child.stdin.writableLength;
  }

  /** Resolves when it has taken nearly everything, or has ended. */
  async drained(): Promise<void> {
    await Promise.race([new Promise((resolve) => this.child.stdin.once("drain", resolve)), this.ended]);
  }

  /** Waits for the rest of its answer. @returns why it could not answer for all, if so */
  finish(): Promise<string | undefined> {
    this.limit.refresh();
    this.child.stdin.end();
    return this.ended;
  }

  stop(): void {
    this.child.kill("SIGKILL");
  }

  /** Nothing came for long: that is its fault only if it was asked something. */
  private expire(): void {
    if (this.waiting > 0 || this.child.stdin.writableEnded) this.stop();
    else this.limit.refresh();
  }
}

/** The first complaint that is not about a path that has gone, or about a file system without ACLs. */
function complaint(text: string): string | undefined {
  const harmless = /: (No such file or directory|Not a directory|Operation not supported)$/;
  const line = text.split("\n").find((candidate) => candidate !== "" && !harmless.test(candidate));
  return line === undefined ? undefined : show(fromBytes(Buffer.from(line, "latin1")));
}
