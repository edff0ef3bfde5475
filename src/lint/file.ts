// The files that lint looks at, and how it knows them.

/** A text file of a repository. */
export interface LintFile {
  /** Relative to the repository, with slashes. */
  readonly path: string;
  /** With its byte order mark and its line ends. */
  readonly text: string;
}

/** A range of a text, as offsets in UTF-16 units; the end is exclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export type FileKind =
  | "dockerfile"
  | "shell"
  | "gitattributes"
  | "kubernetes"
  | "tekton"
  | "github-workflow"
  | "gitlab-ci"
  | "compose"
  | "devcontainer";

const baseName = (path: string): string => path.slice(path.lastIndexOf("/") + 1);

/** True if the name alone, or for an executable file without an ending its first line, could make lint look into it. */
export function couldMatter(path: string, executable: boolean): boolean {
  const name = baseName(path);
  return (
    isDockerfile(name) ||
    name === ".gitattributes" ||
    /\.(sh|bash|ksh|ya?ml)$/i.test(name) ||
    name === "devcontainer.json" ||
    name === ".devcontainer.json" ||
    (executable && !name.slice(1).includes("."))
  );
}

/** What a file is, by its name and its content; undefined if lint has nothing to say about it. */
export function kindOf({ path, text }: LintFile): FileKind | undefined {
  const name = baseName(path);
  if (isDockerfile(name)) return "dockerfile";
  if (name === ".gitattributes") return "gitattributes";
  if (/\.(sh|bash|ksh)$/i.test(name)) return "shell";
  if (/^(\.)?devcontainer\.json$/.test(name)) return "devcontainer";
  if (/\.ya?ml$/i.test(name)) return kindOfYaml(path, name, text);
  return /^\ufeff?#! *\S*(?:\/env +(?:-S +)?)?\S*\b(?:sh|bash|dash|ksh|ash)\b/.test(text) ? "shell" : undefined;
}

/** `Dockerfile`, `Dockerfile.dev`, `dev.Dockerfile`, `Containerfile`, …; not the files that say what a build leaves out, nor templates. */
function isDockerfile(name: string): boolean {
  if (/(^|\.)(dockerignore|containerignore)$/i.test(name) || /\.(md|txt|tmpl|tpl|j2|jinja|erb|go|py|json)$/i.test(name))
    return false;
  return /^(dockerfile|containerfile)([.-].+)?$/i.test(name) || /\.(dockerfile|containerfile)$/i.test(name);
}

function kindOfYaml(path: string, name: string, text: string): FileKind | undefined {
  if (/(^|\/)\.github\/workflows\//.test(path)) return "github-workflow";
  // An action is read as a workflow is: the steps of one that is composite are those of a job. Others are called action.yml too.
  if (/^action\.ya?ml$/.test(name) && /^\ufeff?["']?runs["']? *:/m.test(text)) return "github-workflow";
  if (/\.gitlab-ci\.ya?ml$/i.test(name)) return "gitlab-ci";
  if (/^(docker-)?compose([.-].*)?\.ya?ml$/i.test(name)) return "compose";
  if (/^\ufeff?[- \t]*apiVersion: *["']?tekton\.dev\//m.test(text)) return "tekton";
  return /^\ufeff?[- \t]*apiVersion:/m.test(text) && /^\ufeff?[- \t]*kind:/m.test(text) ? "kubernetes" : undefined;
}
