// Whose words a line has: the go command's, those of git or another tool that go ran, or those of a program or test, whose errors
// are no failure of go's environment whatever they say.

export type Speaker = "go" | "git" | "program" | "unknown";

/** How lines of the go command begin (cmd/go's base.Errorf, load.PackageError, and the tools that it runs). */
const goBegins =
  /^(?:\S+[$#%] )?(?:go: |go(?: [a-z]+){1,2}(?: [^\s:]+)?: |build [^\s:]+: |-> |verifying |unzip |# (?:get )?\S+|package \S+|can't load package|cannot find (?:module|package|main module)|build cache is|(?:failed to )?initializ\w+ (?:build )?cache|error obtaining VCS|missing go\.sum|SECURITY ERROR|fork\/exec|error loading module|errors parsing go\.mod|note: module requires|module \S+: |-mod=|no required module|(?:compile|link|asm|cgo|vet|cover)(?:\.exe)?: |warning: ignoring|imports|updates to go\.|loadinternal:|cannot load |finding |downloading |extracting |main module |(?:\S+ )?imports$)/;
const goFile = /^(?:[A-Za-z]:)?[^\s:]+\.(?:(?:go|s|c|h):\d+:\d+|(?:mod|work|sum):\d+(?::\d+)?): /;
/** `example.com/m@v1.2.3: …`, with whatever the go command was doing before it. */
const goModule = /(?:^|[\s:])[\w~-]+(?:\.[\w~-]+)+\/?[^\s:@]*@[^\s:]+(?: \([^)]*\))?(?:: | requires | imports)/;
const goTool = /(?:^|\s|[\\/])(?:pkg[\\/]tool[\\/]\w+[\\/]\w+(?:\.exe)?|go_bootstrap)\b/;
const goQuoted =
  /(?:^|[\s:"'`>=(])(go(?:: | (?:build|get|install|list|run|test|vet|generate|mod [a-z]+|tool \w+)(?: [\w./@-]+)?: )(?=\S))/;
const gitBegins =
  /^(?:fatal|remote|error|warning|Schwerwiegend|schwerwiegend|fatal |致命错误|致命的エラー|치명적 오류)\s?[:：]|^Cloning into |^git@\S+: |^ssh: |^Host key |^Permission denied \(/;
const gitCommand =
  /(?:^|[\s:])git (?:ls-remote|fetch|init|clone|cat-file|show|log|rev-parse|-c \S+|tag|config|for-each-ref|archive|remote|submodule|checkout)\b.*: exit status \d+/;

/** Time stamps that loggers of programs write: Go's log package, glog, logrus, JSON. */
const logged =
  /^(?:\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d|[IWEF]\d{4} \d\d:\d\d:\d\d|time="|\{"(?:level|ts|time|msg|severity)"|(?:level|ts)=|[│┃╷╵╰├×✘]|\[(?:INFO|WARN|ERROR|DEBUG|Error)\b)/i;
/** The tools that CI logs hold beside go, by how their own errors begin. */
const otherTool =
  /^(?:npm |yarn |pnpm |node:|pip |docker: |Traceback|Exception|java\.|cargo |error\[E|gradle|mvn |wget: |curl: |apt|E: |dpkg)/i;
const testLine = /^\s*(?:\S+_test\.go:\d+: |(?:===|---) )/;

/** What only the go command says, wherever it stands: in a test's output, in a logger's message. */
const unmistakable =
  /git (?:ls-remote|fetch|init|clone)\b.* in \S+: exit status|fork\/exec \S*go-build\d*\S*: permission denied|build cache is required|failed to initialize build cache|SECURITY ERROR|missing go\.sum entry|error obtaining VCS status/;

export interface Said {
  readonly speaker: Speaker;
  /** From where the speaker begins: what a logger or a test put before it is left out. */
  readonly text: string;
  /** Passed on by a program that ran go. */
  readonly quoted: boolean;
}

/**
 * @param text a line without prefixes and indentation
 * @param inProgram true after `=== RUN`, `panic:` and the like
 */
export function whoSaid(text: string, inProgram: boolean): Said {
  const foreign = inProgram || testLine.test(text) || logged.test(text) || otherTool.test(text);
  if (!foreign) {
    if (goBegins.test(text) || goFile.test(text)) return { speaker: "go", text, quoted: false };
    if (gitBegins.test(text)) return { speaker: "git", text, quoted: false };
  } else if (/^go: /.test(text)) return { speaker: "go", text, quoted: false };
  const quote = goQuoted.exec(text);
  if (quote !== null) {
    const begin = quote.index + quote[0].length - (quote[1] as string).length;
    return { speaker: "go", text: text.slice(begin), quoted: true };
  }
  if (unmistakable.test(text)) return { speaker: "go", text, quoted: foreign };
  if (foreign) return { speaker: "program", text, quoted: false };
  if (goModule.test(text) || goTool.test(text) || gitCommand.test(text)) return { speaker: "go", text, quoted: false };
  return { speaker: "unknown", text, quoted: false };
}

/** Follows which lines of a log belong to a test or a crashed program. */
export class Surroundings {
  private mode: "none" | "test" | "failed" | "panic" = "none";

  /** Whether lines of verbose tests tell nothing new. */
  get inTest(): boolean {
    return this.mode === "test";
  }

  /**
   * @param telling whether the line has one of `surroundingWords`
   * @returns whether the line is inside; to be called for each line in turn that has a word worth reading
   */
  enter(text: string, indent: number, telling: boolean): boolean {
    if (!telling && !text.startsWith("#")) {
      if (this.mode === "failed" && indent === 0) this.mode = "none";
    } else if (/^=== (?:RUN|PAUSE|CONT|NAME)\b/.test(text)) this.mode = "test";
    else if (/^--- (?:FAIL|PASS|SKIP|BENCH)\b/.test(text)) this.mode = this.mode === "test" ? "test" : "failed";
    else if (/^(?:panic: |fatal error: |goroutine \d+ |SIG[A-Z]+: )/.test(text)) this.mode = "panic";
    else if (/^(?:PASS|FAIL|ok|\?)(?:\s|$)|^exit status \d+|^coverage: |^# \S+$/.test(text)) this.mode = "none";
    // Below `--- FAIL` only what is indented belongs to the test.
    else if (this.mode === "failed" && indent === 0) this.mode = "none";
    return this.mode !== "none";
  }
}

/** Words that the scanner must not miss for the above to work. */
export const surroundingWords: readonly string[] = [
  "--- fail",
  "panic: ",
  "fatal error: ",
  "goroutine ",
  "exit status ",
  "fail\t",
  "ok  \t",
  "server response:",
];

/** The same, of tests that were run with -v. */
export const verboseWords: readonly string[] = ["=== run", "=== pause", "=== cont", "=== name", "--- pass", "--- skip"];
