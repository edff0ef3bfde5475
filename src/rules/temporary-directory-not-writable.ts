// GOTMPDIR (or TMPDIR, or /tmp) is missing or cannot be written: go cannot make the directory that it builds in.
import type { Facts, Place } from "../facts/facts.ts";
import type { Fix } from "../finding/finding.ts";
import type { FactRule } from "./rule.ts";
import { asRoot, existing, placeNamed, refusalOf } from "./shared/directory.ts";
import { pathOf, shellQuote, subjectName } from "./shared/say.ts";
import { titleFor } from "./shared/setting.ts";

/** The directory that go builds in: GOTMPDIR if it is set, else the system's. */
export function temporaryDirectory(facts: Facts): Place | undefined {
  return placeNamed(facts, "GOTMPDIR") ?? placeNamed(facts, "TMPDIR");
}

/** A temporary directory that surely exists, is on the disk of HOME and need not be emptied. */
export function ownTemporaryDirectory(facts: Facts): Fix {
  const path = '"$HOME/.cache/go-tmp"';
  return {
    title: titleFor(facts, "Let go use a directory in your home"),
    disposition: "safe",
    command: `mkdir -p ${path} && export GOTMPDIR=${path}`,
  };
}

export const temporaryDirectoryNotWritable: FactRule = {
  id: "temporary-directory-not-writable",
  severity: "error",
  title: "the temporary directory is not writable",
  looksAt: "facts",
  check: (facts) => {
    const place = temporaryDirectory(facts);
    if (place === undefined) return [];
    const absent = place.entry === "absent";
    if (!absent && place.writable.verdict !== "no") return [];
    return [
      {
        message: absent
          ? `${place.name} is ${place.path}, which does not exist, so go build, go test and go run fail for ${subjectName(facts)}`
          : `${subjectName(facts)} cannot write in ${place.path} (${place.name}), so go build, go test and go run fail`,
        paths: [pathOf(place.path, existing(place), facts)],
        count: 1,
        subject: subjectName(facts),
        why: absent
          ? "Go makes a work directory in it, but never makes the directory itself"
          : refusalOf(place.writable),
        fixes: [...repair(facts, place), ownTemporaryDirectory(facts)],
      },
    ];
  },
};

function repair(facts: Facts, place: Place): Fix[] {
  if (place.mount?.readOnly === true) return [];
  if (place.path === "/tmp") {
    const title = "Give /tmp its usual mode: everybody may write, and delete only what is theirs";
    return [{ title, disposition: "safe", command: asRoot(facts, "install -d -m 1777 /tmp") }];
  }
  if (place.entry !== "absent") return [];
  return [{ title: titleFor(facts, "Make it"), disposition: "safe", command: `mkdir -p ${shellQuote(place.path)}` }];
}
