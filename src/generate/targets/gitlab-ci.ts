// A hidden GitLab job that others extend: a cache below the project, as the image's user.
import { indent, quoted, type Target } from "../target.ts";

export const gitlabCi: Target = {
  name: "gitlab-ci",
  summary: "a hidden job to extend: cache, umask, cleaning",
  file: ".gitlab-ci.yml",
  cacheDir: ".go/pkg/mod",
  relative: true,
  takes: ["cacheDir", "goVersion", "image"],
  lines: ({ cacheDir, image }) => [
    "# Used as: extends: .gomodcache   Keep the cache out of git: gomodcache lint --only cache-not-ignored",
    ".gomodcache:",
    `  image: ${quoted(image)}`,
    "  variables:",
    "    # GitLab caches only what is below the project.",
    `    GOMODCACHE: ${quoted(`$CI_PROJECT_DIR/${cacheDir}`)}`,
    "    # Extracted modules are 0555, so that the runner could not clean up; this leaves them writable for their owner.",
    "    GOFLAGS: -modcacherw",
    "    # Without it the helper makes the work tree as root with 0666 and 0777; with it, as the user of the image.",
    '    FF_DISABLE_UMASK_FOR_DOCKER_EXECUTOR: "true"',
    "  cache:",
    "    key:",
    "      files: [go.sum]",
    ...indent([`paths: [${quoted(`${cacheDir}/`)}]`], 4),
  ],
  merge: (text, block) => {
    if (/^(["']?)\.gomodcache\1[ \t]*:/m.test(text))
      return { refused: 'it has a job ".gomodcache" outside of a marked block: remove or rename that job' };
    return `${text}${text.endsWith("\n") || text === "" ? "" : "\n"}${text === "" ? "" : "\n"}${block}`;
  },
};
