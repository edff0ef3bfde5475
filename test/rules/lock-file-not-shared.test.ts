// What lock-file-not-shared fires on, what it leaves alone, and what it says.
import { lockFileNotShared } from "../../src/rules/lock-file-not-shared.ts";
import { testSharingRule } from "./sharing-rule.ts";

testSharingRule("lock-file-not-shared", lockFileNotShared, "v1.0.0.lock", {
  message:
    "1 lock file of alice (1000) cannot be written by others who write the same directories: if such a module must be fetched or extracted again, go fails for them",
  command: "find /srv/go/mod/cache/download -xdev -type f -name '*.lock' ! -perm -020 -exec chmod g+w {} +",
});
