// In WSL, GOCACHE is on a Windows drive.
import { isDrvfs } from "../permission/mount.ts";
import type { FactRule } from "./rule.ts";
import { existing, isInside, placeNamed } from "./shared/directory.ts";
import { pathOf } from "./shared/say.ts";
import { setCommand, titleFor } from "./shared/setting.ts";
import { modesOn } from "./shared/wsl.ts";

export const buildCacheOnWindowsDrive: FactRule = {
  id: "build-cache-on-windows-drive",
  severity: "warning",
  title: "the build cache (GOCACHE) is on a Windows drive",
  looksAt: "facts",
  check: (facts) => {
    const place = placeNamed(facts, "GOCACHE");
    if (place?.mount === undefined || place.path === "off" || !isDrvfs(place.mount)) return [];
    const { home } = facts.subject;
    const usual = home !== undefined && isInside(place.path, `${home}/.cache`);
    const path = usual ? '"$HOME/go-build"' : '"$HOME/.cache/go-build"';
    return [
      {
        message: `the build cache ${place.path} is on the Windows drive ${place.mount.mountPoint}: every build reads and writes thousands of small files through Windows`,
        paths: [pathOf(place.path, existing(place), facts)],
        count: 1,
        why: `${modesOn(place.mount)}. What go stores there it runs again: test binaries and tools need to be executable`,
        fixes: [
          {
            title: titleFor(facts, "Keep the build cache on the Linux side; it fills again by itself"),
            disposition: "safe",
            command: setCommand(facts, "GOCACHE", path),
          },
        ],
      },
    ];
  },
};
