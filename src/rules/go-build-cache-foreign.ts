// GOCACHE works, but belongs to another user, who can change what this user's builds are made of.

import type { FactRule } from "./rule.ts";
import { existing, placeNamed } from "./shared/directory.ts";
import { pathOf, subjectName, userName } from "./shared/say.ts";
import { setCommand, titleFor } from "./shared/setting.ts";

export const goBuildCacheForeign: FactRule = {
  id: "go-build-cache-foreign",
  severity: "warning",
  title: "the build cache (GOCACHE) belongs to another user",
  looksAt: "facts",
  check: (facts) => {
    const place = placeNamed(facts, "GOCACHE");
    const { subject } = facts.subject;
    if (place === undefined || place.writable.verdict !== "yes") return [];
    const entry = existing(place);
    if (entry === undefined || entry.uid === subject.uid) return [];
    // sudo-without-home tells that story.
    if (subject.uid === 0 && facts.sudo?.uid === entry.uid) return [];
    const owner = userName(entry.uid, facts);
    return [
      {
        message: `The build cache ${place.path} belongs to ${owner}, but ${subjectName(facts)} builds with it: each can run code as the other`,
        paths: [pathOf(place.path, entry, facts)],
        count: 1,
        subject: subjectName(facts),
        why: `Go links compiled packages from the build cache without checking who made them. What ${subjectName(facts)} adds may be unreadable for ${owner}, whose builds then fail with \`package … is not in std\``,
        fixes: [
          {
            title: titleFor(facts, "Use a build cache of your own"),
            disposition: "safe",
            command: setCommand(facts, "GOCACHE", '"$HOME/.cache/go-build"'),
          },
        ],
      },
    ];
  },
};
