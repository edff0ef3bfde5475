// The doctor's rules, asked about what a failure was about: the project's modules, or the one module that go named.
import { diagnose } from "../doctor/run.ts";
import { UserError } from "../error.ts";
import type { Proof } from "../finding/failure.ts";
import type { Finding, Report } from "../finding/finding.ts";
import { checkUp } from "../oracle/check-up.ts";
import { placesOf } from "../oracle/project-modules.ts";
import { allRules } from "../rules/all.ts";
import type { Scene } from "./scene.ts";

/** Rules that tell of a category wherever it shows. */
const ofCategory: Readonly<Record<string, RegExp>> = {
  fs: /^(entry-not-|cache-not-|cache-on-read-only|go-build-cache-(not|foreign)|temporary-directory-not|goroot-not|sumdb-not|home-missing|partial-extraction|vcs-foreign)/,
  space: /^file-system-nearly-full/,
  lock: /^(go-running|cache-on-network-mount)/,
  exec: /noexec|not-executable|^go-not-found|toolchain-binary/,
  "cache-corrupt": /^(mod-file|zip|ziphash|info-file|partial|tree-|extracted-without|version-without)/,
  sum: /^(mod-file|zip|ziphash|tree-)/,
  vcs: /^vcs-foreign-owner/,
  config:
    /^(home-missing|cache-(unset|path-relative|missing|not-a-directory|not-creatable)|gopath-equals|go-not-found|go-build-cache-off|proxy-off)/,
  resolve: /^proxy-off-incomplete/,
};

/** @returns undefined if no rule found anything of the kind */
export async function proveByRules(scene: Scene): Promise<Proof | undefined> {
  const report = await visit(scene);
  const finding = related(report.findings, scene);
  if (finding === undefined) return undefined;
  const [path] = finding.paths;
  const fix = finding.fixes.find(({ disposition }) => disposition === "safe") ?? finding.fixes[0];
  return {
    verdict: "yes",
    message: finding.message,
    rule: finding.rule,
    ...(path === undefined
      ? {}
      : { path, who: path.owner === "root" || path.owner === "" ? "root" : `${path.owner} or root` }),
    ...(fix === undefined ? {} : { fix }),
  };
}

async function visit({ facts, world, cwd, cause }: Scene): Promise<Report> {
  try {
    return await checkUp({ facts, world, directory: cwd }, { project: true });
  } catch (error) {
    // There is no project here, or it cannot be read.
    if (!(error instanceof UserError)) throw error;
    const { path, version } = cause.module ?? {};
    const modules = path === undefined || version === undefined ? [] : [{ path, version }];
    return diagnose({ ...facts, now: Date.now() }, allRules, { modules: placesOf(facts.cache.realPath, modules) });
  }
}

/** The worst finding of the cause's kind, one about its path first. */
function related(findings: readonly Finding[], { cause }: Scene): Finding | undefined {
  const pattern = ofCategory[cause.category];
  const ofKind = findings.filter(({ rule, severity }) => pattern?.test(rule) === true && severity !== "advice");
  const touches = ({ paths }: Finding): boolean =>
    paths.some(({ path }) =>
      cause.paths.some((own) => own === path || own.startsWith(`${path}/`) || path.startsWith(`${own}/`)),
    );
  return ofKind.find(touches) ?? ofKind.find(({ severity }) => severity === "error");
}
