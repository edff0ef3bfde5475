// A compose file: a named volume that one user owns, and a service that runs go as that user.
import { handOver } from "../pod.ts";
import { quoted, type Settings, type Target } from "../target.ts";

export const compose: Target = {
  name: "compose",
  summary: "a volume that is given to the user, and a service of theirs",
  file: "compose.yaml",
  cacheDir: "/go/pkg/mod",
  takes: ["uid", "gid", "cacheDir", "goVersion", "image", "initImage"],
  lines: (settings) => [
    "services:",
    ...prepare(settings),
    "  build:",
    `    image: ${quoted(settings.image)}`,
    "    # Numbers: yours, so that what is made in the work tree is yours.",
    `    user: ${quoted(`${settings.uid}:${settings.gid}`)}`,
    "    depends_on:",
    "      gomodcache-init:",
    "        condition: service_completed_successfully",
    "    working_dir: /workspace",
    "    environment:",
    `      GOMODCACHE: ${quoted(settings.cacheDir)}`,
    "      # A UID without an entry in /etc/passwd has HOME=/, where it cannot write.",
    "      HOME: /tmp",
    "      GOCACHE: /tmp/go-build",
    "      # go keeps what it knows of the checksum database in GOPATH/pkg/sumdb.",
    "      GOPATH: /tmp/go",
    "    volumes:",
    "      - .:/workspace",
    ...volume(settings),
    '    command: ["go", "build", "./..."]',
    "volumes:",
    "  gomodcache: {}",
  ],
};

function prepare(settings: Settings): string[] {
  const { image, command } = handOver(settings, settings.cacheDir);
  return [
    "  # A new volume is root's with 0755: somebody must give it to the user.",
    "  gomodcache-init:",
    `    image: ${quoted(image)}`,
    '    user: "0:0"',
    // Compose would take a dollar sign for a variable of its own.
    `    entrypoint: ${command.replaceAll("$", "$$$$")}`,
    "    command: []",
    "    volumes:",
    ...volume(settings),
  ];
}

function volume({ cacheDir }: Settings): string[] {
  return ["      - type: volume", "        source: gomodcache", `        target: ${quoted(cacheDir)}`];
}
