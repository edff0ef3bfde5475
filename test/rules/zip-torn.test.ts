// What zip-torn says, of whom, and which command it offers.
import { zipTorn } from "../../src/rules/zip-torn.ts";
import { testContentRule } from "./content-rule.ts";
import { content, problem } from "./sample-contents.ts";

const one = content([problem("zip-torn", "zip", { found: "unexpected end of file." })]);

testContentRule("zip-torn", zipTorn, one, {
  severity: "error",
  message:
    "1 module zip is damaged (example.com/alpha@v1.0.0): go mod verify fails, and so do users of the cache as a proxy",
  why: "example.com/alpha@v1.0.0: unexpected end of file. A crash, a full disk or a broken copy cut it off, or the disk is failing. Go looks only whether the zip exists and never fetches it again.",
  path: "/srv/go/mod/cache/download/example.com/alpha/@v/v1.0.0.zip",
  fix: {
    command:
      "rm -rf /srv/go/mod/cache/download/example.com/alpha/@v/v1.0.0.zip /srv/go/mod/cache/download/example.com/alpha/@v/v1.0.0.ziphash /srv/go/mod/example.com/alpha@v1.0.0 && (cd / && sudo -H -u '#1000' env GOMODCACHE=/srv/go/mod go mod download example.com/alpha@v1.0.0)",
    disposition: "unsafe",
    title: "Delete zip, hash and tree, and let go fetch them again",
  },
});
