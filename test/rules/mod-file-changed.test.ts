// What mod-file-changed says, of whom, and which command it offers.
import { modFileChanged } from "../../src/rules/mod-file-changed.ts";
import { testContentRule } from "./content-rule.ts";
import { content, problem } from "./sample-contents.ts";

const one = content([problem("mod-file-changed", "mod")]);

testContentRule("mod-file-changed", modFileChanged, one, {
  severity: "error",
  message:
    "1 cached go.mod is not the module's own (example.com/alpha@v1.0.0): go commands that need it stop with `checksum mismatch`, or without go.sum choose other versions",
  why: "example.com/alpha@v1.0.0: expected h1:right=, found h1:wrong=. Somebody edited the file, or a crash filled it with NULs. Go does not fetch it again by itself. go.sum is right: do not delete it, and do not set GOSUMDB=off.",
  path: "/srv/go/mod/cache/download/example.com/alpha/@v/v1.0.0.mod",
  fix: {
    command:
      "rm -f /srv/go/mod/cache/download/example.com/alpha/@v/v1.0.0.mod && (cd / && sudo -H -u '#1000' env GOMODCACHE=/srv/go/mod go mod download example.com/alpha@v1.0.0)",
    disposition: "unsafe",
    title: "Delete the file and fetch it again",
  },
});
