// A devcontainer: the module cache on a volume that belongs to whoever the container's user is.
import type { Target } from "../target.ts";

export const devcontainer: Target = {
  name: "devcontainer",
  summary: "the cache on a volume of the container's user",
  file: ".devcontainer/devcontainer.json",
  cacheDir: "/go/pkg/mod",
  takes: ["cacheDir", "goVersion", "image"],
  comment: "//",
  lines: ({ cacheDir, image, goVersion }) => {
    const own = image === `golang:${goVersion}` ? `mcr.microsoft.com/devcontainers/go:${goVersion}` : image;
    return [
      "{",
      '  "name": "go",',
      `  "image": ${JSON.stringify(own)},`,
      '  "remoteUser": "vscode",',
      "  // The volume outlives the container; a bind mount of your own cache would mix two users' files.",
      `  "mounts": [${JSON.stringify(`source=gomodcache,target=${cacheDir},type=volume`)}],`,
      `  "containerEnv": { "GOMODCACHE": ${JSON.stringify(cacheDir)} },`,
      "  // A new volume is root's. Its top alone is given away, to the UID that the user has here: no chown -R.",
      `  "onCreateCommand": ${JSON.stringify(`sudo chown "$(id -u):$(id -g)" '${cacheDir}'`)}`,
      "}",
    ];
  },
};
