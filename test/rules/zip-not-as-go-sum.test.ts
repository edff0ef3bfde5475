// What zip-not-as-go-sum says, of whom, and which command it offers.
import { zipNotAsGoSum } from "../../src/rules/zip-not-as-go-sum.ts";
import { testContentRule } from "./content-rule.ts";
import { content, problem } from "./sample-contents.ts";

const one = content([problem("zip-not-as-go-sum", "zip")]);

testContentRule("zip-not-as-go-sum", zipNotAsGoSum, one, {
  severity: "error",
  message:
    "1 module is not what go.sum says (example.com/alpha@v1.0.0): an attack or a corruption, in the cache or on the way to it",
  why: "example.com/alpha@v1.0.0: expected h1:right=, found h1:wrong=. If the ziphash is wrong too, go says SECURITY ERROR; if it is right, go notices nothing and builds what is there. A version that was published twice with different contents looks the same. Do not delete go.sum, and do not set GOSUMDB=off.",
  path: "/srv/go/mod/cache/download/example.com/alpha/@v/v1.0.0.zip",
  fix: {
    command:
      "rm -rf /srv/go/mod/cache/download/example.com/alpha/@v/v1.0.0.zip /srv/go/mod/cache/download/example.com/alpha/@v/v1.0.0.ziphash /srv/go/mod/example.com/alpha@v1.0.0 && (cd / && sudo -H -u '#1000' env GOMODCACHE=/srv/go/mod go mod download example.com/alpha@v1.0.0)",
    disposition: "unsafe",
    title: "Delete zip, hash and tree, and let go fetch them again; keep a copy if you suspect an attack",
  },
});
