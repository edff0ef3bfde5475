// What must not leave the machine: credentials in URLs and arguments. PURE.
// Every repetition that could be tried from many places has an upper bound, so that a long line costs no more than its length.

/** `https://user:password@host`: git and go print it as they were given it. */
const userInfo = /(\b[a-z][a-z0-9+.-]{0,30}:\/\/)[^\s/?#@'"]{1,2000}@/gi;

const secret =
  "(?:token|secret|passw(?:or)?d|passphrase|api[_-]?key|access[_-]?key|private[_-]?key|credentials?|signature|\\bsig|\\bauth(?:orization)?(?![a-z]))";
const value = "(\"[^\"]*\"|'[^']*'|(?:(?:bearer|basic|token)\\s+)?[^\\s&'\"]+)";

/** `token=…`, `--api-key=…`, `main.dbPassword=…`: the name says that the value is secret. */
const assigned = new RegExp(`(${secret}[\\w.-]{0,60}["']?\\s{0,9}=\\s{0,9})${value}`, "gi");

/** `"password": "…"`, `Authorization: Bearer …`; but not what go puts before a colon, a path or a URL. */
const headed = new RegExp(`((?<![\\w./@-])["']?(?:[\\w-]{1,40}[_-])?${secret}["']?\\s{0,9}:\\s{0,9})${value}`, "gi");

/** Credentials that are known by their form: of GitHub, GitLab, AWS, Slack, npm, and JSON Web Tokens. */
const formed =
  /\b(?:gh[opsur]_\w{16,}|github_pat_\w{16,}|glpat-[\w-]{16,}|(?:AKIA|ASIA)[A-Z0-9]{16}|xox[abprs]-[\w-]{10,}|npm_\w{30,}|eyJ[\w-]{8,999}\.[\w-]{8,4000}\.[\w-]*)/g;

/** `--token VALUE`: the value is the next argument. */
const secretFlag = /^--?[\w-]*(?:token|secret|passw(?:or)?d|api-?key|credentials?)$/i;

/** The text without credentials; `REDACTED` stands where one was. */
export function redacted(text: string): string {
  return text
    .replace(userInfo, "$1REDACTED@")
    .replace(assigned, withoutValue)
    .replace(headed, withoutValue)
    .replace(formed, "REDACTED");
}

function withoutValue(_: string, name: string, value: string): string {
  const quote = /^["']/.exec(value)?.[0] ?? "";
  return `${name}${quote}REDACTED${quote}`;
}

/** A command line without credentials, as many arguments as before. */
export function redactedArguments(argv: readonly string[]): string[] {
  return argv.map((argument, index) => (secretFlag.test(argv[index - 1] ?? "") ? "REDACTED" : redacted(argument)));
}
