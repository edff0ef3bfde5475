// What tree-missing says, of whom, and which command it offers.
import { treeMissing } from "../../src/rules/tree-missing.ts";
import { testContentRule } from "./content-rule.ts";
import { content, problem } from "./sample-contents.ts";

const one = content([problem("tree-missing", "zip", { path: "/srv/go/mod/example.com/alpha@v1.0.0" })]);

testContentRule("tree-missing", treeMissing, one, {
  severity: "warning",
  message:
    "1 fetched module is not extracted (example.com/alpha@v1.0.0): builds fail for all who may not write the cache",
  why: "Somebody deleted the tree, or copied only cache/download. Go extracts it again for whoever may write, and does not hash the zip before. Others read `permission denied` about the .lock. go mod verify says nothing about it.",
  path: "/srv/go/mod/example.com/alpha@v1.0.0",
  fix: {
    command: "(cd / && sudo -H -u '#1000' env GOMODCACHE=/srv/go/mod go mod download example.com/alpha@v1.0.0)",
    disposition: "safe",
    title: "Let go extract again",
  },
});
