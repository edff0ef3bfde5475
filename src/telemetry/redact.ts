// What must not leave the machine: credentials in URLs and arguments. PURE.

/** `https://user:password@host`: git and go print it as they were given it. */
const userInfo = /(\b[a-z][a-z0-9+.-]*:\/\/)[^\s/?#@'"]+@/gi;

/** `token=…`, `--api-key=…`, `"password": "…"`: the name says that the value is secret. */
const named =
  /((?:token|secret|passw(?:or)?d|passphrase|api[_-]?key|access[_-]?key|private[_-]?key|credentials?|signature|\bsig|\bauth)[\w.-]*["']?\s*[=:]\s*)("[^"]*"|'[^']*'|[^\s&'"]+)/gi;

/** Credentials that are known by their form: of GitHub, GitLab, AWS, Slack, npm, JSON Web Tokens, and of HTTP headers. */
const formed =
  /\b(?:gh[opsur]_\w{16,}|github_pat_\w{16,}|glpat-[\w-]{16,}|(?:AKIA|ASIA)[A-Z0-9]{16}|xox[abprs]-[\w-]{10,}|npm_\w{30,}|eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*)|(?<=\b(?:bearer|basic) )[\w.~+/=-]{8,}/gi;

/** `--token VALUE`: the value is the next argument. */
const secretFlag = /^--?[\w-]*(?:token|secret|passw(?:or)?d|api-?key|credentials?)$/i;

/** The text without credentials; `REDACTED` stands where one was. */
export function redacted(text: string): string {
  return text.replace(userInfo, "$1REDACTED@").replace(named, "$1REDACTED").replace(formed, "REDACTED");
}

/** A command line without credentials, as many arguments as before. */
export function redactedArguments(argv: readonly string[]): string[] {
  return argv.map((argument, index) => (secretFlag.test(argv[index - 1] ?? "") ? "REDACTED" : redacted(argument)));
}
