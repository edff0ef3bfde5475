// Which source files belong to a build: file name suffixes and //go:build lines (`go help buildconstraint`; go/build/syslist.go).

export interface BuildContext {
  readonly goos: string;
  readonly goarch: string;
  readonly cgo: boolean;
  /** The minor version N of the Go that builds: release tags go1.1 to go1.N hold. */
  readonly goMinor: number;
  readonly tags: ReadonlySet<string>;
}

const knownOs = new Set(
  "aix android darwin dragonfly freebsd hurd illumos ios js linux nacl netbsd openbsd plan9 solaris wasip1 windows zos".split(
    " ",
  ),
);
const unixOs = new Set("aix android darwin dragonfly freebsd hurd illumos ios linux netbsd openbsd solaris".split(" "));
const knownArch = new Set(
  "386 amd64 amd64p32 arm armbe arm64 arm64be loong64 mips mipsle mips64 mips64le mips64p32 mips64p32le ppc ppc64 ppc64le riscv riscv64 s390 s390x sparc sparc64 wasm".split(
    " ",
  ),
);

/** Whether a file's name lets it take part: `name_linux_amd64_test.go`. */
export function nameMatches(fileName: string, context: BuildContext): boolean {
  const stem = fileName.split(".", 1)[0] as string;
  const underscore = stem.indexOf("_");
  if (underscore < 0) return true;
  const words = stem.slice(underscore + 1).split("_");
  if (words.at(-1) === "test") words.pop();
  const last = words.at(-1) ?? "";
  const before = words.at(-2) ?? "";
  if (knownOs.has(before) && knownArch.has(last)) return holds(before, context) && holds(last, context);
  if (knownOs.has(last) || knownArch.has(last)) return holds(last, context);
  return true;
}

/** Whether one tag holds. */
function holds(tag: string, context: BuildContext): boolean {
  const { goos, goarch } = context;
  if (tag === goos || tag === goarch || tag === "gc" || context.tags.has(tag)) return true;
  if (tag === "cgo") return context.cgo;
  if (tag === "unix") return unixOs.has(goos);
  if (tag === "linux") return goos === "android";
  if (tag === "solaris") return goos === "illumos";
  if (tag === "darwin") return goos === "ios";
  const release = /^go1\.(\d+)$/.exec(tag);
  return release !== null && Number(release[1]) <= context.goMinor;
}

/** Evaluates a //go:build expression. @returns undefined if it is malformed */
export function evaluate(expression: string, context: BuildContext): boolean | undefined {
  const tokens = expression.match(/\|\||&&|[!()]|[\w.]+|\S/g) ?? [];
  let at = 0;
  const or = (): boolean | undefined => {
    let left = and();
    while (tokens[at] === "||") {
      at += 1;
      const right = and();
      left = left === undefined || right === undefined ? undefined : left || right;
    }
    return left;
  };
  const and = (): boolean | undefined => {
    let left = not();
    while (tokens[at] === "&&") {
      at += 1;
      const right = not();
      left = left === undefined || right === undefined ? undefined : left && right;
    }
    return left;
  };
  const not = (): boolean | undefined => {
    const token = tokens[at];
    at += 1;
    if (token === "!") {
      const value = not();
      return value === undefined ? undefined : !value;
    }
    if (token === "(") {
      const value = or();
      if (tokens[at] !== ")") return undefined;
      at += 1;
      return value;
    }
    return token !== undefined && /^[\w.]+$/.test(token) ? holds(token, context) : undefined;
  };
  const value = or();
  return at === tokens.length ? value : undefined;
}
