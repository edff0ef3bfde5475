// Puts what belongs together into a block: go's line and the indented ones after it, git's words, hashes, a server's response.
import { failureIn } from "./errno.ts";
import { placeOf } from "./place.ts";
import type { Block, Statement } from "./rule.ts";
import { Surroundings, whoSaid } from "./speaker.ts";

const continues =
  /^(?:SECURITY ERROR|This download does NOT|The bits may|have intercepted|For more information, see|(?:downloaded|go\.sum|[\w.-]+\.\w+):\s+h1:|server response:|fatal ?[:：]|remote: |error: |Schwerwiegend: |致命错误|git@\S+: |Permission denied \(|Host key |ssh: |Confirm the import path|If this is a private|Please make sure|Username for|Password for|Use -buildvcs|usage: git|Gib |To add an exception)/i;
const gitOrSum =
  /git |checksum mismatch|h1:|server response|fatal|remote: |Cloning into|SECURITY ERROR|dubious ownership/;
/** Lines between two of a block that hold no word worth reading. */
const widestGap = 6;
const longestBlock = 40;

export class BlockReader {
  private open: { statements: Statement[]; indent: number; last: number; server: boolean } | undefined;
  private readonly surroundings = new Surroundings();

  constructor(private readonly onBlock: (block: Block) => void) {}

  /** @param text one line without prefixes, indentation kept */
  add(text: string, line: number): void {
    const bare = text.trimStart();
    if (bare === "") return;
    const indent = text.length - bare.length;
    const inside = this.surroundings.enter(bare, indent);
    const { open } = this;
    const near = open !== undefined && line - open.last <= widestGap && open.statements.length < longestBlock;
    const belongs =
      near && (indent > open.indent || (continues.test(bare) && gitOrSum.test(open.statements[0]?.text ?? "")));
    const server = belongs && (open.server || /^server response:/.test(bare));
    const statement = this.statement(bare, line, inside, server || /\bserver response:/.test(bare));
    if (belongs) {
      open.statements.push(statement);
      open.last = line;
      open.server = server;
      return;
    }
    this.close();
    this.open = { statements: [statement], indent, last: line, server: false };
  }

  close(): void {
    if (this.open === undefined) return;
    const { statements } = this.open;
    this.open = undefined;
    this.onBlock({ statements, text: statements.map(({ text }) => text).join("\n") });
  }

  private statement(bare: string, line: number, inside: boolean, server: boolean): Statement {
    const { speaker, text: said, quoted } = whoSaid(bare, inside);
    const failure = failureIn(said);
    return {
      line,
      text: bare,
      said,
      speaker,
      quoted,
      server,
      ...(failure === undefined ? {} : { failure: { ...failure, place: placeOf(failure.path) } }),
    };
  }
}
