// On macOS: the go program bears com.apple.quarantine, an extended attribute at which Gatekeeper looks. It is no permission.
import type { FactRule } from "./rule.ts";
import { asRoot } from "./shared/directory.ts";
import { pathOf, shellQuote } from "./shared/say.ts";

export const quarantinedGo: FactRule = {
  id: "quarantined-go",
  severity: "advice",
  title: "the go program is quarantined",
  looksAt: "facts",
  check: (facts) =>
    (facts.quarantined ?? []).map((path) => {
      const command = `xattr -d com.apple.quarantine ${shellQuote(path)}`;
      return {
        message: `${path} bears com.apple.quarantine: Gatekeeper may stop it when it is first started`,
        paths: [pathOf(path, undefined, facts)],
        count: 1,
        why: "A browser, AirDrop or a mail program marks what it saved, and Archive Utility hands the mark on to what it unpacks. Gatekeeper then checks signature and notarization before the program runs. The attribute refuses no read and no write, and go's own downloads into the cache do not get it: if go is refused a file there, the cause is another.",
        confidence: "likely",
        fixes: [
          {
            title: "If you trust where it comes from, take the mark away",
            disposition: "unsafe",
            command: asRoot(facts, command),
          },
        ],
      };
    }),
};
