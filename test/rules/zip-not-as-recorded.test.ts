// What zip-not-as-recorded says, of whom, and which command it offers.
import { zipNotAsRecorded } from "../../src/rules/zip-not-as-recorded.ts";
import { testContentRule } from "./content-rule.ts";
import { content, problem } from "./sample-contents.ts";

const one = content([problem("zip-not-as-recorded", "zip")]);

testContentRule("zip-not-as-recorded", zipNotAsRecorded, one, {
  severity: "error",
  message:
    "1 module zip is not what the ziphash says (example.com/alpha@v1.0.0): somebody replaced one of the two, or the disk damaged it",
  why: "example.com/alpha@v1.0.0: expected h1:right=, found h1:wrong=. Go compares only the text of .ziphash with go.sum and never hashes a cached zip again: it would extract and compile this one. Find out who may write the cache before you go on.",
  path: "/srv/go/mod/cache/download/example.com/alpha/@v/v1.0.0.zip",
  fix: {
    command:
      "rm -rf /srv/go/mod/cache/download/example.com/alpha/@v/v1.0.0.zip /srv/go/mod/cache/download/example.com/alpha/@v/v1.0.0.ziphash /srv/go/mod/example.com/alpha@v1.0.0 && (cd / && sudo -H -u '#1000' env GOMODCACHE=/srv/go/mod go mod download example.com/alpha@v1.0.0)",
    disposition: "unsafe",
    title: "Delete zip, hash and tree, and let go fetch them again; keep a copy if you suspect an attack",
  },
});
