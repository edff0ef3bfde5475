// The temporary directory is on a noexec mount: go test and go run build a program there and cannot start it.

import type { FactRule } from "./rule.ts";
import { existing } from "./shared/directory.ts";
import { remount } from "./shared/grant.ts";
import { pathOf } from "./shared/say.ts";
import { ownTemporaryDirectory, temporaryDirectory } from "./temporary-directory-not-writable.ts";

export const temporaryDirectoryNoexec: FactRule = {
  id: "temporary-directory-noexec",
  severity: "error",
  title: "the temporary directory is on a noexec mount",
  looksAt: "facts",
  check: (facts) => {
    const place = temporaryDirectory(facts);
    if (place === undefined || place.entry === "absent" || place.mount?.noexec !== true) return [];
    return [
      {
        message: `${place.path} (${place.name}) is on ${place.mount.mountPoint}, which is mounted noexec: go test and go run fail for every user`,
        paths: [pathOf(place.path, existing(place), facts)],
        count: 1,
        why: "Go builds the test or the program there and starts it from there. go build and go vet still work. No chmod helps",
        fixes: [
          ownTemporaryDirectory(facts),
          {
            title: "Allow programs on that mount",
            disposition: "unsafe",
            command: remount(facts, "exec", place.mount.mountPoint),
          },
        ],
      },
    ];
  },
};
