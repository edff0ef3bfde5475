// A machine on which no rule fires: user app (1000) with a complete cache of its own. Tests change what they are about.
import type { CacheFacts, Facts, GoFacts, Place, SubjectFacts, WslFacts } from "../../src/facts/facts.ts";
import type { FindingDraft } from "../../src/finding/finding.ts";
import type { Entry } from "../../src/permission/entry.ts";
import type { Mount } from "../../src/permission/mount.ts";
import type { Subject } from "../../src/permission/subject.ts";
import type { FactRule } from "../../src/rules/rule.ts";

const yes = { verdict: "yes" } as const;
export const gibibyte = 1024 ** 3;

export function aMount(changes: Partial<Mount> = {}): Mount {
  return {
    mountPoint: "/",
    type: "ext4",
    source: "/dev/vda1",
    readOnly: false,
    noexec: false,
    idmapped: false,
    options: ["rw", "relatime"],
    ...changes,
  };
}

/** /mnt/c as WSL2 mounts it, with further options. */
export function windowsDrive(...options: readonly string[]): Mount {
  const given = ["aname=drvfs", "path=C:\\", "uid=1000", "gid=1000", ...options, "symlinkroot=/mnt/"].join(";");
  return aMount({ type: "9p", source: "C:\\", mountPoint: "/mnt/c", options: ["rw", "noatime", given] });
}

/** A distribution of WSL2 without a wsl.conf. */
export function aWsl(changes: Partial<WslFacts> = {}): WslFacts {
  return { generation: 2, conf: { value: "" }, fstab: { value: "" }, ...changes };
}

export function aDirectory(changes: Partial<Entry> = {}): Entry {
  return { type: "directory", uid: 1000, gid: 1000, mode: 0o755, links: 4, size: 4096, modified: 0, ...changes };
}

export function aSubject(changes: Partial<Subject> = {}): Subject {
  return { uid: 1000, gid: 1000, groups: [], capabilities: new Set(), umask: 0o022, ...changes };
}

export const rootSubject: Subject = aSubject({
  uid: 0,
  gid: 0,
  capabilities: new Set(["dac_override", "dac_read_search", "fowner", "chown", "fsetid"]),
});

export function aPlace(name: Place["name"], path: string, changes: Partial<Place> = {}): Place {
  return { name, path, entry: aDirectory(), mount: aMount(), space: roomy, writable: yes, readable: yes, ...changes };
}

const roomy = { freeBytes: 50 * gibibyte, totalBytes: 100 * gibibyte, freeInodes: 5_000_000, totalInodes: 6_000_000 };

const healthyPlaces: readonly Place[] = [
  aPlace("GOCACHE", "/home/app/.cache/go-build"),
  aPlace("TMPDIR", "/tmp", { entry: aDirectory({ uid: 0, gid: 0, mode: 0o1777 }) }),
  aPlace("GOROOT", "/usr/local/go", { entry: aDirectory({ uid: 0, gid: 0 }), writable: { verdict: "no" } }),
  aPlace("HOME", "/home/app"),
  aPlace("GOPATH/pkg/sumdb", "/home/app/go/pkg/sumdb"),
];

const healthyCache: CacheFacts = {
  path: "/home/app/go/pkg/mod",
  realPath: "/home/app/go/pkg/mod",
  origin: "go env",
  state: "directory",
  entry: aDirectory(),
  mount: aMount(),
  space: roomy,
  writable: yes,
};

const healthyGo: GoFacts = {
  program: "/usr/local/go/bin/go",
  version: { major: 1, minor: 26, text: "go1.26.8" },
  env: {
    GOCACHE: "/home/app/.cache/go-build",
    GOFLAGS: "",
    GOINSECURE: "",
    GOMODCACHE: "/home/app/go/pkg/mod",
    GONOSUMDB: "",
    GOPATH: "/home/app/go",
    GOPRIVATE: "",
    GOPROXY: "https://proxy.example.org,direct",
    GOROOT: "/usr/local/go",
    GOSUMDB: "sum.example.org",
  },
  source: "go env",
};

export interface Changes extends Partial<Omit<Facts, "cache" | "go" | "subject" | "places">> {
  readonly cache?: Partial<CacheFacts>;
  readonly go?: Partial<GoFacts>;
  /** Added to the settings of a healthy go. */
  readonly goEnv?: Readonly<Record<string, string>>;
  readonly subject?: Partial<SubjectFacts>;
  /** They replace the healthy places of the same name. */
  readonly places?: readonly Place[];
}

export function healthyFacts(changes: Changes = {}): Facts {
  const { cache, go, goEnv, subject, places, ...rest } = changes;
  const names = new Set((places ?? []).map(({ name }) => name));
  const theSubject = { subject: aSubject(), name: "app", home: "/home/app", self: true, ...subject };
  return {
    platform: "linux",
    self: theSubject.subject,
    environment: { HOME: "/home/app", PATH: "/usr/bin" },
    mounts: { value: [aMount()] },
    kernel: { protectedRegular: 2, protectedFifos: 1, protectedSymlinks: 1 },
    runningGo: { value: [] },
    acls: { value: true },
    userNames: new Map([
      [0, "root"],
      [1000, "app"],
    ]),
    groupNames: new Map([
      [0, "root"],
      [1000, "app"],
      [3000, "go-users"],
    ]),
    ...rest,
    subject: theSubject,
    go: { ...healthyGo, ...go, env: { ...healthyGo.env, ...go?.env, ...goEnv } },
    cache: { ...healthyCache, ...cache },
    places: [...healthyPlaces.filter(({ name }) => !names.has(name)), ...(places ?? [])],
  };
}

/** The one finding of a rule that is expected to fire once. */
export function only(rule: FactRule, changes: Changes): FindingDraft {
  const findings = rule.check(healthyFacts(changes));
  const [finding] = findings;
  if (finding === undefined || findings.length !== 1) throw new Error(`${rule.id} fired ${findings.length} times`);
  return finding;
}
