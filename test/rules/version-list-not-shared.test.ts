// What version-list-not-shared fires on, what it leaves alone, and what it says.
import { versionListNotShared } from "../../src/rules/version-list-not-shared.ts";
import { testSharingRule } from "./sharing-rule.ts";

testSharingRule("version-list-not-shared", versionListNotShared, "list", {
  message:
    "1 version list of alice (1000) cannot be written by others who write the same directories: versions that they fetch stay unlisted",
  command: "find /srv/go/mod/cache/download -xdev -type f -name 'list' ! -perm -020 -exec chmod g+w {} +",
});
