// The pages of docs/causes, made from the rules; what stands between the tables is written here.
import type { Remedy } from "../src/causes/cause.ts";
import type { Rule } from "../src/causes/rule.ts";
import { subjects } from "../src/causes/subjects/all.ts";

interface Introduction {
  readonly title: string;
  readonly text: string;
}

const introductions: Readonly<Record<string, Introduction>> = {
  fs: {
    title: "Permission, ownership and read-only file systems",
    text: `The error word and whose path it is decide. \`permission denied\` (EACCES) is a matter of owner and mode, \`operation not permitted\`
(EPERM) of flags, policies and macOS's privacy settings, \`read-only file system\` (EROFS) of the mount: there no chown or chmod helps.

\`go: writing stat cache: … permission denied\` is only a warning: from a complete cache of somebody else the build still passes. What
stops it is the line after, such as \`main.go:6:2: mkdir …: permission denied\`.

Not meant here: \`Permission denied (publickey)\` is ssh's (auth); \`fork/exec /tmp/go-build…: permission denied\` is a mount without
exec (exec); \`rename …: Access is denied.\` in pkg\\mod on Windows is a virus scanner's (lock). \`gomodcache why PATH\` shows which
directory decides, and \`gomodcache doctor\` whom it hurts.`,
  },
  space: {
    title: "Full file systems, quotas and other limits",
    text: `Which file system is full is told by the path: the module cache, the build cache, TMPDIR, or where the program is written to.
\`no space left on device\` on \`mkdir\` or \`open\`, while df shows room, means inodes: \`df -i\`.

A build cache that is full is often told as \`package fmt is not in std\`: since Go 1.19 the index of the standard library is kept in
GOCACHE, and what goes wrong there is swallowed. The same words come from one that is out of inodes, damaged, or not readable; the log
cannot tell them apart, so the answer is marked as likely, and lists all four.

After \`server response:\` it is the proxy's disk, and a look at this one is in vain.`,
  },
  lock: {
    title: "Locks and processes in each other's way",
    text: `\`no locks available\` does not mean that somebody holds one: the file system has none. Read which file is named: go also locks
go.mod, so the project's place counts, not only the cache's.

What vanished from the build cache while go used it was cleaned by another job. A hang without words, often after \`go: downloading\`, is a
lock that somebody holds: \`fuser\` or \`lsof\` on GOMODCACHE/cache/lock and on the @v/*.lock files.`,
  },
  net: {
    title: "Networks and servers",
    text: `Read which host is meant: the proxy, the checksum database and the repository's host need different exceptions in a firewall.
A \`connection refused\` from \`[::1]:53\` is a sandbox without a name server. Only 404 and 410 make go ask the next proxy of a list with
commas; with \`|\` any error does.

A test that cannot reach its own database is the test's affair (none).`,
  },
  auth: {
    title: "Credentials and private modules",
    text: `Who was asked decides. \`could not read Username\` from a git on this machine wants credentials here. The same words after
\`server response:\` come from a public proxy that was asked for a private module: credentials cannot help it, GOPRIVATE can. So it is with
404 and 410 of the checksum database for a private path.

\`'origin' does not appear to be a git repository … correct access rights\` looks like this and is another thing: the repositories in the
module cache belong to another user (vcs).`,
  },
  sum: {
    title: "Checksums",
    text: `A mismatch has two sides. Ask which is wrong before anything is deleted: with a fresh GOMODCACHE the download passes if the local
cache is wrong; else compare with the checksum database.

A SECURITY ERROR whose downloaded hash is that of an empty file is no attack but a broken cache (cache-corrupt). Do not switch the
database off as the first step: it is what finds out that a module was exchanged.`,
  },
  vcs: {
    title: "Version control",
    text: `\`error obtaining VCS status: exit status 128\` hides git's own words: run \`git status\` there. Most often git does not trust a
repository of another owner. In the module cache the same shows as \`'origin' does not appear to be a git repository\`, in whatever language
git speaks.`,
  },
  resolve: {
    title: "Versions, packages and toolchains",
    text: `These are mended in the repository: a version that does not exist, a package that moved, a go line that asks for a newer Go.
\`package X is not in std\` is meant here only if X is no package of the standard library, or one that this release does not have yet;
else see space.`,
  },
  "cache-corrupt": {
    title: "Damaged caches",
    text: `go does not mend a cached zip that was cut off, an extracted file that is gone, or an empty .mod; it does mend an empty .ziphash.
\`zip: not a valid zip file\` with a path of the cache is damage here, without one it is what a server sent. \`gomodcache verify\` finds what
is broken, and \`gomodcache fix --verify\` removes that and nothing else.`,
  },
  config: {
    title: "Variables, flags and files of the configuration",
    text: `\`go env\` shows what counts, and \`go env -changed\` (Go 1.23) what departs from the defaults. \`mkdir X: file exists\` for a cache
means a link whose target is missing, as a volume that is not mounted. \`module lookup disabled by GOPROXY=off\` is no matter of the
network: something is not cached.`,
  },
  exec: {
    title: "Programs that cannot start, and limits",
    text: `None of these is cured by cleaning a cache. \`permission denied\` for what go has just built is the mount option noexec;
\`signal: killed\` of a compiler is the memory limit of the container.`,
  },
};

const none = `# none: no failure of go's environment

What a program, a test or a compiler says is theirs, whatever words it has: \`connection refused\` below \`--- FAIL\`, \`permission denied\`
after \`panic:\`, x509 errors with a logger's time stamp. So are compile errors, import cycles, \`use of internal package\`, missing tools of
go generate, other tools of a CI job, and warnings of a command that succeeded (\`--exit-code 0\`).

The exception: \`fork/exec …/go-build…/x.test: permission denied\` directly before \`FAIL\` is go's own (exec).
`;

/** File name to text. */
export function causePages(): Map<string, string> {
  const pages = new Map([["none.md", none]]);
  for (const { category } of subjects) {
    const introduction = introductions[category];
    if (introduction === undefined) throw new Error(`no introduction for ${category}`);
    const rules = subjects.flatMap((subject) =>
      subject.rules.filter((rule) => (rule.category ?? subject.category) === category),
    );
    pages.set(`${category}.md`, page(category, introduction, withAlternatives(rules, category)));
  }
  return pages;
}

function withAlternatives(rules: readonly Rule[], category: string): Rule[] {
  const all = subjects.flatMap(({ rules: some, category: own }) =>
    some.flatMap((rule) => (rule.also ?? []).filter((other) => (other.category ?? own) === category)),
  );
  return [...rules, ...all];
}

function page(category: string, { title, text }: Introduction, rules: readonly Rule[]): string {
  const names = [...new Set(rules.map(({ subcategory }) => subcategory))];
  const sections = names.map((name) => {
    const meant = rules.filter(({ subcategory }) => subcategory === name);
    const messages = [...new Set(meant.map(({ message }) => `${placeholders(message)}.`))];
    const remedies = new Map(
      meant.flatMap((rule) => rule.remedies.map((remedy) => [remedyText(remedy), remedy] as const)),
    );
    return `## ${name}\n\n${messages.join(" ")}\n\n${[...remedies.keys()].join("\n")}\n`;
  });
  return `# ${category}: ${title.toLowerCase()}\n\n${text}\n\n${sections.join("\n")}`;
}

function remedyText({ text, command, weakens }: Remedy): string {
  const cost = weakens === undefined ? "" : ` (weaker security: ${weakens})`;
  return `- ${placeholders(text)}${cost}${command === undefined ? "." : `:\n  \`${placeholders(command)}\``}`;
}

/** {path} is written PATH, as manual pages do. */
function placeholders(text: string): string {
  return text.replace(/\{(path|module|version|host|url)\}/g, (_, name: string) => name.toUpperCase());
}
