// A cache that several users can write: each of them can run code as the others, since Go does not check what is cached again.
import type { EntryRule } from "./rule.ts";
import { pathsOf, plural, shellQuote } from "./shared/say.ts";
import { othersMayWrite, writersOf } from "./shared/sharing.ts";
import { anyBitOf, findInCache, outsideModules, useOwnCache } from "./shared/shell.ts";

export const sharedWritableCache: EntryRule = {
  id: "shared-writable-cache",
  severity: "warning",
  title: "a cache that several users can write: each can run code as the others",
  looksAt: "entries",
  kinds: ["root", "directory", "version-directory"],
  departs: ({ entry }) => entry.type === "directory" && othersMayWrite(entry),
  conclude: (hits, facts) => {
    const first = hits.examples[0];
    if (first === undefined) return undefined;
    const proxy = shellQuote(`file://${facts.cache.realPath}/cache/download`);
    const commands = [
      findInCache(facts, `${outsideModules(facts)} -type d ${anyBitOf("020", "002")} -exec chmod go-w {} +`),
      ...(hits.examples.some(({ entry }) => entry.defaultAcl !== undefined)
        ? [findInCache(facts, `${outsideModules(facts)} -type d -exec setfacl -k {} +`)]
        : []),
    ];
    return {
      message: `${plural(hits.count, "directory", "directories")} of the cache can be written by ${writersOf(first.entry, facts)} besides the owner: each writer can run code as every user of the cache`,
      paths: pathsOf(hits.examples, facts),
      count: hits.count,
      subject: "every user of the cache",
      why: "Go checks a module when it enters the cache and never again: go build compares go.sum with the text of the .ziphash, not with the zip or the extracted files. Only go mod verify would notice.",
      fixes: [
        {
          title:
            "As each user, have an own cache and take this one as a proxy: go then checks each module as it enters",
          disposition: "safe",
          command: `${useOwnCache(facts)} && go env -w GOPROXY=${proxy}'|'"$(go env GOPROXY)"`,
        },
        {
          title: "Let only the owner write; all others keep reading",
          disposition: "unsafe",
          command: commands.join(" && "),
        },
      ],
    };
  },
};
