// What ziphash-not-shared fires on, what it leaves alone, and what it says.
import { ziphashNotShared } from "../../src/rules/ziphash-not-shared.ts";
import { testSharingRule } from "./sharing-rule.ts";

testSharingRule("ziphash-not-shared", ziphashNotShared, "v1.0.0.ziphash", {
  message:
    "1 ziphash file of alice (1000) cannot be written by others who write the same directories: only the owner's go can repair one that is torn",
  command: "find /srv/go/mod/cache/download -xdev -type f -name '*.ziphash' ! -perm -020 -exec chmod g+w {} +",
});
