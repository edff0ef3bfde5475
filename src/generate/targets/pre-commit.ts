// Hooks before a commit: an entry for pre-commit's configuration, or a plain git hook.
import { indent, type Settings, type Target } from "../target.ts";

export const preCommit: Target = {
  name: "pre-commit",
  summary: "lint and a check of caches before each commit",
  file: (variant) => (variant === "git-hook" ? ".git/hooks/pre-commit" : ".pre-commit-config.yaml"),
  variants: ["config", "git-hook"],
  takes: [],
  mode: (variant) => (variant === "git-hook" ? 0o755 : 0o644),
  lines: (settings) => (settings.variant === "git-hook" ? hook : entry(settings)),
  head: ({ variant }) => (variant === "git-hook" ? "#!/bin/sh\n" : "repos:\n"),
  merge: (text, block, { variant }) => (variant === "git-hook" ? intoHook(text, block) : intoConfig(text, block)),
  adapt: (text, block, { variant }) => (variant === "git-hook" ? block : asIndented(text, block)),
};

const checkCaches = "gomodcache doctor --below . --fail-on warning";

/** Says nothing if nothing is wrong. git sets GIT_DIR and GIT_INDEX_FILE, which a git that go or gomodcache asks should not see. */
const hook = [
  "gomodcache_hook() {",
  '  told=$(env -u GIT_DIR -u GIT_INDEX_FILE gomodcache "$@" 2>&1) || {',
  "    printf '%s\\n' \"$told\" >&2",
  "    exit 1",
  "  }",
  "}",
  "# Dockerfiles, scripts and the like.",
  "gomodcache_hook lint",
  "# Module caches below the work tree that you could not use, or that others could write.",
  checkCaches.replace("gomodcache", "gomodcache_hook"),
];

/** `local`, so that no address of a repository is needed: pre-commit's node environment installs the package. */
function entry({ version }: Settings): string[] {
  const common = (id: string, words: string): string[] => [
    `- id: ${id}`,
    `  name: ${id}`,
    "  language: node",
    `  additional_dependencies: ["gomodcache@${version}"]`,
    `  entry: ${words}`,
  ];
  return indent(
    [
      "- repo: local",
      "  hooks:",
      ...indent(
        [
          ...common("gomodcache-lint", "gomodcache lint"),
          "  types_or: [dockerfile, shell, yaml, json, gitattributes]",
          "# Module caches below the work tree that you could not use, or that others could write.",
          ...common("gomodcache-cache-check", checkCaches),
          "  pass_filenames: false",
          "  always_run: true",
        ],
        4,
      ),
    ],
    2,
  );
}

const list = /^repos:[ \t]*(?:#.*)?\r?\n(?:[ \t]*(?:#.*)?\r?\n)*([ ]*)- /m;

/** With the blanks before each dash that the list of the file has. */
function asIndented(text: string, block: string): string {
  const blanks = list.exec(text)?.[1] ?? "  ";
  return block
    .split("\n")
    .map((line) => (line.startsWith("  ") ? `${blanks}${line.slice(2)}` : line))
    .join("\n");
}

/** As the first item of `repos`. */
function intoConfig(text: string, block: string): string | { readonly refused: string } {
  const found = list.exec(text);
  if (found === null)
    return { refused: 'it has no list "repos:" with an item a line: add what generate pre-commit prints by hand' };
  const at = text.indexOf("\n", found.index) + 1;
  return `${text.slice(0, at)}${block}${text.slice(at)}`;
}

/** Right after the first line, since a hook may end with exec or exit. */
function intoHook(text: string, block: string): string | { readonly refused: string } {
  const first = /^#![^\n]*\b(?:sh|bash|dash|ksh)\b[^\n]*\n/.exec(text);
  if (first === null)
    return { refused: "it is no shell script: let it call what generate pre-commit --variant git-hook prints" };
  return `${first[0]}${block}${text.slice(first[0].length)}`;
}
