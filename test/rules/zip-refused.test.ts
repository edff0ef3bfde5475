// What zip-refused says, of whom, and which command it offers.
import { zipRefused } from "../../src/rules/zip-refused.ts";
import { testContentRule } from "./content-rule.ts";
import { content, problem } from "./sample-contents.ts";

const one = content([problem("zip-refused", "zip", { found: "a name occurs twice" })]);

testContentRule("zip-refused", zipRefused, one, {
  severity: "error",
  message: "1 zip is no module zip (example.com/alpha@v1.0.0): go refuses to extract it",
  why: "example.com/alpha@v1.0.0: a name occurs twice. Every name in a module zip begins with module@version/, names are clean and occur once, and all files together have at most 500 MiB. Go makes and keeps no other: somebody put it there, or a proxy served it.",
  path: "/srv/go/mod/cache/download/example.com/alpha/@v/v1.0.0.zip",
  fix: {
    command:
      "rm -rf /srv/go/mod/cache/download/example.com/alpha/@v/v1.0.0.zip /srv/go/mod/cache/download/example.com/alpha/@v/v1.0.0.ziphash /srv/go/mod/example.com/alpha@v1.0.0 && (cd / && sudo -H -u '#1000' env GOMODCACHE=/srv/go/mod go mod download example.com/alpha@v1.0.0)",
    disposition: "unsafe",
    title: "Delete zip, hash and tree, and let go fetch them again",
  },
});
