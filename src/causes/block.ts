// Puts what belongs together into a block: go's line and the indented ones after it, git's words, hashes, a server's response.
import { failureIn } from "./errno.ts";
import { type KnownPlaces, placeOf } from "./place.ts";
import type { Block, Statement } from "./rule.ts";
import { Surroundings, whoSaid } from "./speaker.ts";
import { downloadMark, errnoMark, plainMarks, surroundingMark, verboseMark } from "./words.ts";

const continues =
  /^(?:SECURITY ERROR|This download does NOT|The bits may|have intercepted|For more information, see|(?:downloaded|go\.sum|[\w.-]+\.\w+):\s+h1:|server response:|fatal ?[:：]|remote: |error: |Schwerwiegend: |致命错误|git@\S+: |Permission denied \(|Host key |ssh: |Confirm the import path|If this is a private|Please make sure|Username for|Password for|Use -buildvcs|usage: git|Gib |To add an exception)/i;
const gitOrSum =
  /git |checksum mismatch|h1:|server response|fatal|remote: |Cloning into|SECURITY ERROR|dubious ownership/;
/** Lines between two of a block that hold no word worth reading. */
const widestGap = 6;
const longestBlock = 40;
const mostRecent = 200;

type Understood = Pick<Statement, "said" | "speaker" | "quoted" | "failure">;

export class BlockReader {
  private open: { statements: Statement[]; indent: number; last: number; server: boolean } | undefined;
  private readonly surroundings = new Surroundings();
  private readonly recent = new Map<string, Understood>();
  private inside = false;

  /** @param onPlain is given lines that no rule could match, and that only tell what the log is about */
  constructor(
    private readonly onBlock: (block: Block) => void,
    private readonly onPlain: (text: string, line: number, marks: number) => void,
    private readonly places: KnownPlaces = {},
  ) {}

  /** Whether a line with these marks could tell anything new: cheaper to ask than to read it. */
  wants(marks: number): boolean {
    const idle = downloadMark | (this.surroundings.inTest ? verboseMark : 0);
    return (marks & ~idle) !== 0;
  }

  /**
   * @param text one line without prefixes, indentation kept
   * @param marks which words it holds
   */
  add(text: string, line: number, marks: number): void {
    const bare = text.trimStart();
    if (bare === "") return;
    const indent = text.length - bare.length;
    const inside = this.surroundings.enter(bare, indent, (marks & (surroundingMark | verboseMark)) !== 0);
    const { open } = this;
    if ((marks & ~plainMarks) === 0) {
      if (open !== undefined && indent <= open.indent) this.close();
      this.onPlain(bare, line, marks);
      return;
    }
    const [only, second] = open?.statements ?? [];
    if (only?.text === bare && second === undefined && open?.indent === indent && this.inside === inside) {
      open.last = line;
      return;
    }
    this.inside = inside;
    const near = open !== undefined && line - open.last <= widestGap && open.statements.length < longestBlock;
    const belongs =
      near && (indent > open.indent || (continues.test(bare) && gitOrSum.test(open.statements[0]?.text ?? "")));
    const server = belongs && (open.server || /^server response:/.test(bare));
    const statement = this.statement(bare, line, marks, inside, server || bare.includes("server response:"));
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
    const { statements, last } = this.open;
    this.open = undefined;
    this.onBlock({ statements, last, text: statements.map(({ text }) => text).join("\n") });
  }

  private statement(bare: string, line: number, marks: number, inside: boolean, server: boolean): Statement {
    // A log may say the same a million times.
    const key = `${inside ? "+" : "-"}${bare}`;
    let known = this.recent.get(key);
    if (known === undefined) {
      known = understand(bare, marks, inside, this.places);
      if (this.recent.size >= mostRecent) this.recent.clear();
      this.recent.set(key, known);
    }
    return { line, text: bare, server, marks, ...known };
  }
}

function understand(bare: string, marks: number, inside: boolean, places: KnownPlaces): Understood {
  const { speaker, text: said, quoted } = whoSaid(bare, inside);
  const failure = (marks & errnoMark) === 0 ? undefined : failureIn(said);
  const placed = failure === undefined ? {} : { failure: { place: placeOf(failure.path, places), ...failure } };
  return { said, speaker, quoted, ...placed };
}
