// A GitHub workflow: one cache, restored once, as the user of the runner.
import { quoted, type Settings, type Target } from "../target.ts";

export const githubActions: Target = {
  name: "github-actions",
  summary: "a workflow with one cache, also for runners of your own",
  file: ".github/workflows/go.yml",
  variants: ["hosted", "self-hosted"],
  takes: ["goVersion"],
  lines: (settings) => [
    "name: go",
    "on: [push, pull_request]",
    "permissions:",
    "  contents: read",
    "jobs:",
    "  test:",
    `    runs-on: ${settings.variant === "hosted" ? "ubuntu-latest" : "self-hosted"}`,
    "    env:",
    "      # Extracted modules are 0555, which stops whoever cleans up after the job; this leaves them writable for their owner.",
    "      GOFLAGS: -modcacherw",
    "    steps:",
    "      - uses: actions/checkout@v4",
    ...(settings.variant === "hosted" ? [] : ownCache()),
    ...setup(settings),
    "      # Never with sudo: root's files would stay behind in the cache.",
    "      - run: go test ./...",
  ],
};

/** A runner of one's own keeps its home, and other jobs of it may run as another user. */
function ownCache(): string[] {
  return [
    "      # RUNNER_TEMP is emptied by the runner: no job meets files of another one, whoever that ran as.",
    "      - run: |",
    '          echo "GOMODCACHE=$RUNNER_TEMP/gomodcache" >> "$GITHUB_ENV"',
    '          echo "GOCACHE=$RUNNER_TEMP/gocache" >> "$GITHUB_ENV"',
  ];
}

function setup({ goVersion }: Settings): string[] {
  return [
    "      - uses: actions/setup-go@v5",
    "        with:",
    `          go-version: ${quoted(goVersion)}`,
    "          # It restores the cache: a second actions/cache on it would extract over files that are 0444.",
    "          cache: true",
  ];
}
