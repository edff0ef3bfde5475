// GOPATH/pkg/sumdb, which is not in GOMODCACHE, cannot be written: go fails as soon as it asks the checksum database (modfetch/sumdb.go).
import type { Facts } from "../facts/facts.ts";
import type { FactRule } from "./rule.ts";
import { existing, makeFix, placeNamed, refusalOf } from "./shared/directory.ts";
import { letWriteTree } from "./shared/grant.ts";
import { pathOf, subjectName } from "./shared/say.ts";
import { setCommand, setting, titleFor } from "./shared/setting.ts";

export const sumdbNotWritable: FactRule = {
  id: "sumdb-not-writable",
  severity: "error",
  title: "the checksum database's directory is not writable",
  looksAt: "facts",
  check: (facts) => {
    const place = placeNamed(facts, "GOPATH/pkg/sumdb");
    if (place === undefined || place.writable.verdict !== "no" || !isConsulted(facts)) return [];
    const entry = existing(place);
    const uid = facts.subject.subject.uid;
    const readOnly = place.mount?.readOnly === true;
    const grant = {
      title: `Let ${subjectName(facts)} write there`,
      disposition: "safe" as const,
      command: letWriteTree(facts, uid, place.path),
    };
    return [
      {
        message: `${subjectName(facts)} cannot write in ${place.path}: go get, go install and every download whose hash is not in go.sum fail`,
        paths: [pathOf(place.path, entry, facts)],
        count: 1,
        subject: subjectName(facts),
        why: `${refusalOf(place.writable)}. Go keeps there what it knows of the checksum database. The directory belongs to GOPATH, so moving GOMODCACHE does not move it`,
        // Who cannot add modules at all never gets as far as their checksums.
        severity: facts.cache.writable?.verdict === "no" || facts.project?.complete === true ? "warning" : "error",
        fixes: [
          {
            title: titleFor(facts, "Use a GOPATH of your own"),
            disposition: "safe",
            command: setCommand(facts, "GOPATH", '"$HOME/go"'),
          },
          ...(readOnly ? [] : [entry === undefined ? makeFix(facts, place.path) : grant]),
        ],
      },
    ];
  },
};

function isConsulted(facts: Facts): boolean {
  if (setting(facts, "GOSUMDB") === "off" || setting(facts, "GOPROXY") === "off") return false;
  return !setting(facts, "GONOSUMDB").split(",").includes("*");
}
