// What .gitattributes can do for a Go repository. It has no attribute for permissions.
import type { Target } from "../target.ts";

export const gitattributes: Target = {
  name: "gitattributes",
  summary: "line ends of go.mod, go.sum and scripts",
  file: ".gitattributes",
  takes: [],
  lines: () => [
    "# No attribute sets permissions: git keeps the executable bit alone (git update-index --chmod=+x FILE).",
    "# Caches are kept out by .gitignore: gomodcache lint --only cache-not-ignored",
    "# One line end everywhere, so that hashes are the same and the kernel finds the interpreter of a script.",
    "go.mod text eol=lf",
    "go.sum text eol=lf",
    "*.go text eol=lf",
    "*.sh text eol=lf",
  ],
  merge: (text, block) => `${text}${text.endsWith("\n") || text === "" ? "" : "\n"}${text === "" ? "" : "\n"}${block}`,
};
