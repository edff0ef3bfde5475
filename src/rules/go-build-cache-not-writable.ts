// GOCACHE cannot be written: go build, test, vet and run fail, whatever the module cache is like.
import type { Facts, Place } from "../facts/facts.ts";
import type { Fix } from "../finding/finding.ts";
import type { FactRule } from "./rule.ts";
import { existing, makeFix, placeNamed, refusalOf, takeBackFix } from "./shared/directory.ts";
import { brokenHome } from "./shared/home.ts";
import { pathOf, subjectName } from "./shared/say.ts";
import { setCommand, titleFor } from "./shared/setting.ts";

export const goBuildCacheNotWritable: FactRule = {
  id: "go-build-cache-not-writable",
  severity: "error",
  title: "the build cache (GOCACHE) is not writable",
  looksAt: "facts",
  blocked: (facts) => {
    const place = placeNamed(facts, "GOCACHE");
    return place?.writable.verdict === "unknown"
      ? `whether GOCACHE is writable is not known: ${refusalOf(place.writable)}`
      : undefined;
  },
  check: (facts) => {
    const place = placeNamed(facts, "GOCACHE");
    if (place === undefined || place.path === "off" || place.writable.verdict !== "no") return [];
    if (brokenHome(facts)?.hurts.includes("GOCACHE") === true) return [];
    const entry = existing(place);
    const takeBack = takeBackFix(facts, place.path, entry);
    return [
      {
        message: `${subjectName(facts)} cannot write in the build cache ${place.path}, so go build, go test and go vet fail`,
        paths: [pathOf(place.path, entry, facts)],
        count: 1,
        subject: subjectName(facts),
        why: `${refusalOf(place.writable)}. Unlike the module cache, the build cache must be writable even if everything in it is up to date`,
        fixes: [
          ...(takeBack === undefined ? [] : [takeBack]),
          ...(place.entry === "absent" && place.mount?.readOnly !== true ? [makeFix(facts, place.path)] : []),
          ownBuildCache(facts, place),
        ],
      },
    ];
  },
};

function ownBuildCache(facts: Facts, place: Place): Fix {
  const title = titleFor(facts, "Use a build cache of your own; it should not be shared anyway");
  // On a read-only root file system, the home directory is no place for it either.
  if (place.mount?.readOnly === true) {
    return { title, disposition: "safe", command: 'export GOCACHE="$(mktemp -d)"' };
  }
  const usual = facts.subject.home !== undefined && place.path === `${facts.subject.home}/.cache/go-build`;
  const path = usual ? '"$HOME/.cache/go-build-own"' : '"$HOME/.cache/go-build"';
  return { title, disposition: "safe", command: setCommand(facts, "GOCACHE", path) };
}
