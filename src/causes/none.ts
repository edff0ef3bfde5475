// What a log without a failure of go's environment is about, as far as its lines tell.

interface Kind {
  readonly subcategory: string;
  readonly says: RegExp;
}

/** The first that matches a line names it; of the lines, the one whose kind stands first here. */
const kinds: readonly Kind[] = [
  { subcategory: "test-timeout", says: /^panic: test timed out after/ },
  { subcategory: "program-deadlock", says: /all goroutines are asleep - deadlock/ },
  { subcategory: "program-crash", says: /^(?:panic: |fatal error: |SIG[A-Z]+: )/ },
  { subcategory: "test-failure", says: /^\s*--- FAIL: |^FAIL(?:\s|$)|^FAIL: / },
  { subcategory: "import-cycle", says: /import cycle not allowed/ },
  { subcategory: "internal-package", says: /use of internal package|use of vendored package/ },
  {
    subcategory: "build-constraints",
    says: /build constraints exclude all Go files|no (?:buildable )?Go (?:source )?files in|no non-test Go files/,
  },
  { subcategory: "embed-no-match", says: /pattern \S+: (?:no matching files found|cannot embed)/ },
  { subcategory: "generate-tool-missing", says: /running "[^"]+": exec: / },
  {
    subcategory: "linker-symbol-error",
    says: /multiple definition of|undefined reference to|relocation target \S+ not defined|undefined symbol|ld returned \d/,
  },
  { subcategory: "container-exec-format", says: /exec user process caused|exec \S+: exec format error/ },
  { subcategory: "compile-error", says: /^(?:vet: )?\S+\.go:\d+(?::\d+)?: |^# \S+(?: \[\S+\])?$/ },
  { subcategory: "warning-retracted", says: /^go: warning: .*retracted/ },
  { subcategory: "verify-ok", says: /^all modules verified/ },
  { subcategory: "test-success", says: /^ok {2}\t?\s*\S+|^\s*--- PASS: |^PASS$/ },
  { subcategory: "success-download-lines", says: /^go: (?:downloading|finding|extracting|added|upgraded|found) / },
];

/** Words of which a line must hold one to be looked at. */
export const noneWords: readonly string[] = [
  "panic: ",
  "fatal error: ",
  "--- fail",
  "fail\t",
  "fail: ",
  "import cycle",
  "use of internal",
  "use of vendored",
  "build constraints",
  " go files",
  "no matching files",
  "cannot embed",
  'running "',
  "multiple definition",
  "undefined reference",
  "relocation target",
  "undefined symbol",
  "ld returned",
  "exec user process",
  ".go:",
  "retracted",
  "all modules verified",
  "ok  \t",
];

/** Those of the last kind: a line with no others cannot tell more than what is known already. */
export const downloadWords: readonly string[] = ["go: downloading", "go: added", "go: finding"];

/** @returns how telling the line is (0 the most), or undefined if it says nothing about the log */
export function noneKind(text: string): number | undefined {
  const index = kinds.findIndex(({ says }) => says.test(text));
  return index < 0 ? undefined : index;
}

export function noneName(kind: number): string {
  return kinds[kind]?.subcategory ?? "unknown";
}
