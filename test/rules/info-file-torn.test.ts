// What info-file-torn says, of whom, and which command it offers.
import { infoFileTorn } from "../../src/rules/info-file-torn.ts";
import { testContentRule } from "./content-rule.ts";
import { content, problem } from "./sample-contents.ts";

const one = content([problem("info-file-torn", "info")]);

testContentRule("info-file-torn", infoFileTorn, one, {
  severity: "warning",
  message:
    "1 .info file is damaged (example.com/alpha@v1.0.0): go mod download and go list -m all fail without network",
  why: "An .info is a small JSON object with Version and Time. Go takes one that it cannot read for one that is not cached and asks the proxy. With GOPROXY=off it says `module lookup disabled by GOPROXY=off` and does not name the module.",
  path: "/srv/go/mod/cache/download/example.com/alpha/@v/v1.0.0.info",
  fix: {
    command:
      "rm -f /srv/go/mod/cache/download/example.com/alpha/@v/v1.0.0.info && (cd / && sudo -H -u '#1000' env GOMODCACHE=/srv/go/mod go mod download example.com/alpha@v1.0.0)",
    disposition: "safe",
    title: "Delete the file and fetch it again",
  },
});
