// Extracted files with a write bit: Go writes them 0444, even with -modcacherw. fsGroup, chmod -R or an editor changed them.
import type { EntryRule } from "./rule.ts";
import { pathsOf, plural } from "./shared/say.ts";
import { anyBitOf, findInCache, insideModules } from "./shared/shell.ts";

export const extractedSourceWritable: EntryRule = {
  id: "extracted-source-writable",
  severity: "warning",
  title: "extracted source files that can be written",
  looksAt: "entries",
  kinds: ["source-file", "toolchain-binary"],
  departs: ({ entry }) => entry.type === "file" && (entry.mode & 0o222) !== 0,
  conclude: (hits, facts) => {
    const byOthers = hits.examples.some(({ entry }) => (entry.mode & 0o022) !== 0);
    return {
      message: `${plural(hits.count, "extracted file")} can be written${byOthers ? " by others than the owner" : ""}: an edit goes into every build without an error`,
      paths: pathsOf(hits.examples, facts),
      count: hits.count,
      subject: "every user of the cache",
      why: "Go extracts all files without write permission. A chmod -R, or a Kubernetes fsGroup, took that protection away. go build does not check extracted files; only go mod verify does.",
      fixes: [
        {
          title: "Take the write permission away again",
          disposition: "safe",
          command: findInCache(
            facts,
            `${insideModules(facts)} -type f ${anyBitOf("200", "020", "002")} -exec chmod a-w {} +`,
          ),
        },
        {
          title: "In your project, look whether something was changed",
          disposition: "safe",
          command: "go mod verify",
        },
      ],
    };
  },
};
