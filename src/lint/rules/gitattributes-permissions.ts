// .gitattributes that is meant to set permissions: git stores the executable bit and nothing else, and no attribute changes a mode.
import type { LintDraft, LintRule } from "../rule.ts";

export const gitattributesPermissions: LintRule<"gitattributes"> = {
  id: "gitattributes-permissions",
  severity: "advice",
  title: "a git attribute is meant to set permissions, which none can",
  kinds: ["gitattributes"],
  check: ({ lines }) => lines.flatMap(ofLine),
};

const noAttribute =
  /^[-!]?(mode|filemode|perms?|permissions?|chmod|chown|umask|owner|group|uid|gid|exec|executable)(=.*)?$/i;
const meant = /\b(permissions?|chmod|chown|umask|0?[0-7]?[4-7][0-7][0-7]|file ?modes?|ownership)\b/i;

function ofLine(line: Parameters<typeof gitattributesPermissions.check>[0]["lines"][number]): LintDraft[] {
  const wrong = line.attributes.find(({ value }) => noAttribute.test(value));
  const why =
    "Of a file's mode git keeps the executable bit alone (git update-index --chmod=+x). gitattributes(5) has text, eol, diff, merge, filter, export-ignore and the like: they change contents, not modes";
  const fix = {
    title:
      "Check the directories before the commit instead, with a hook, and set modes where the cache is made (umask, gomodcache init)",
    disposition: "safe",
  } as const;
  if (wrong !== undefined) {
    return [
      {
        message: `git knows no attribute ${wrong.value.split("=")[0]}: this line changes no permission`,
        at: wrong,
        why,
        fixes: [fix],
      },
    ];
  }
  if (line.comment === undefined || !meant.test(line.comment) || /\b(no|not|never|cannot|can't)\b/i.test(line.comment))
    return [];
  const cache = /(^|\/)(\.cache|\.?gomodcache|go-mod-cache|pkg\/mod|node_modules|dist)(\/|$|\*)/.test(line.pattern);
  if (!cache) return [];
  return [
    {
      message: `the comment speaks of permissions, but no attribute of ${line.pattern} can change one`,
      at: line,
      confidence: "likely",
      why,
      fixes: [fix],
    },
  ];
}
