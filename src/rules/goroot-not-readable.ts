// Go's own installation cannot be read: the standard library is missing to this user.

import type { FactRule } from "./rule.ts";
import { asRoot, existing, placeNamed, refusalOf } from "./shared/directory.ts";
import { pathOf, shellQuote, subjectName } from "./shared/say.ts";

export const gorootNotReadable: FactRule = {
  id: "goroot-not-readable",
  severity: "error",
  title: "Go's installation (GOROOT) is not readable",
  looksAt: "facts",
  check: (facts) => {
    const place = placeNamed(facts, "GOROOT");
    if (place === undefined || place.path === "" || place.readable.verdict !== "no") return [];
    const at = place.readable.at ?? place.path;
    return [
      {
        message: `${subjectName(facts)} cannot read Go's installation ${place.path}, so go cannot build anything`,
        paths: [pathOf(place.path, existing(place), facts)],
        count: 1,
        subject: subjectName(facts),
        why: refusalOf(place.readable),
        fixes:
          existing(place) === undefined
            ? []
            : [
                {
                  title: "Let everybody read it",
                  disposition: "safe",
                  command: asRoot(
                    facts,
                    at === place.path ? `chmod -R a+rX ${shellQuote(at)}` : `chmod a+x ${shellQuote(at)}`,
                  ),
                },
              ],
      },
    ];
  },
};
