// Which kinds of hosts are recognised, by what, and what is not taken for one.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import type { SubjectFacts } from "../../src/facts/facts.ts";
import { type HostKind, hostKinds } from "../../src/facts/host.ts";
import {
  outsideOf,
  parseSubordinates,
  recogniseHosts,
  type SurroundingsQuestion,
} from "../../src/host/surroundings.ts";
import { aMount, aPlace, aSubject } from "../rules/healthy-facts.ts";

const app: SubjectFacts = { subject: aSubject(), name: "app", home: "/home/app", self: true };

function hosts(changes: Partial<SurroundingsQuestion>): string[] {
  return recogniseHosts({
    environment: {},
    container: undefined,
    subject: app,
    places: [],
    goPaths: ["/usr/local/go/bin/go", "/usr/local/go"],
    text: () => undefined,
    ...changes,
  }).map(({ kind, evidence }) => `${kind}: ${evidence}`);
}

const inEnvironment = (environment: Record<string, string>, changes: Partial<SurroundingsQuestion> = {}): string[] =>
  hosts({ environment, ...changes });

const pod = (uid: number, gid: number, groups: number[], self = true): SubjectFacts => ({
  subject: aSubject({ uid, gid, groups }),
  self,
});

test("an ordinary machine is none of them", () => {
  expect(hosts({})).toEqual([]);
  expect(inEnvironment({ CI: "true", HOME: "/home/app", SNAP: "/snap/x/1" })).toEqual([]);
});

test.each<[string, Record<string, string>, string[]]>([
  ["Codespaces", { CODESPACES: "true", REMOTE_CONTAINERS: "true" }, ["codespaces: CODESPACES=true"]],
  ["a dev container", { REMOTE_CONTAINERS: "true" }, ["devcontainer: REMOTE_CONTAINERS=true"]],
  ["another tool's dev container", { DEVCONTAINER: "true" }, ["devcontainer: DEVCONTAINER=true"]],
  ["a variable that says no", { REMOTE_CONTAINERS: "false", CODESPACES: "" }, []],
  [
    "GitHub's own runner",
    { GITHUB_ACTIONS: "true", RUNNER_ENVIRONMENT: "github-hosted" },
    ["github-hosted-runner: RUNNER_ENVIRONMENT=github-hosted"],
  ],
  [
    "a self-hosted runner",
    { GITHUB_ACTIONS: "true", RUNNER_ENVIRONMENT: "self-hosted" },
    ["github-self-hosted-runner: RUNNER_ENVIRONMENT=self-hosted"],
  ],
  ["an old runner that does not say", { GITHUB_ACTIONS: "true" }, []],
  [
    "Gitea, which sets GitHub's variables",
    { GITHUB_ACTIONS: "true", GITEA_ACTIONS: "true", RUNNER_ENVIRONMENT: "self-hosted" },
    [],
  ],
  ["a variable of somebody's own", { RUNNER_ENVIRONMENT: "self-hosted" }, []],
  [
    "GitLab's shell executor",
    { GITLAB_CI: "true" },
    ["gitlab-runner: GITLAB_CI=true without CI_DISPOSABLE_ENVIRONMENT: what a job leaves, the next one finds"],
  ],
  [
    "GitLab's docker executor",
    { GITLAB_CI: "true", CI_DISPOSABLE_ENVIRONMENT: "true" },
    ["gitlab-runner: GITLAB_CI=true, CI_DISPOSABLE_ENVIRONMENT=true: the machine or container ends with the job"],
  ],
  ["Jenkins", { JENKINS_URL: "https://user:secret@jenkins.test/" }, ["jenkins-agent: JENKINS_URL is set"]],
])("%s", (_, environment, expected) => {
  expect(inEnvironment(environment)).toEqual(expected);
});

test("variables of this process say nothing about another user's commands", () => {
  const other = { ...app, self: false };
  expect(inEnvironment({ CODESPACES: "true", GITLAB_CI: "true", JENKINS_URL: "x" }, { subject: other })).toEqual([]);
});

describe("OpenShift", () => {
  it("is an arbitrary UID in group 0, in Kubernetes", () => {
    expect(hosts({ container: "kubernetes", subject: pod(1000660000, 0, []) })).toEqual([
      "openshift: uid 1000660000 in group 0, in Kubernetes",
    ]);
    expect(hosts({ container: "kubernetes", subject: pod(1000660000, 5, [0], false) })).toEqual([
      "openshift: as uid 1000660000 in group 0, in Kubernetes",
    ]);
  });

  it.each([
    ["a plain pod", "kubernetes", pod(1000, 0, [])],
    ["a large UID without group 0", "kubernetes", pod(1000660000, 1000660000, [])],
    ["a large UID of a directory service", undefined, pod(1000660000, 0, [])],
  ])("is not %s", (_, container, subject) => {
    expect(hosts({ container, subject })).toEqual([]);
  });
});

describe("a user namespace", () => {
  const map = [
    { inside: 0, outside: 1000, count: 1 },
    { inside: 1, outside: 100000, count: 65536 },
  ];
  it.each([
    [0, "uid 0 here is uid 1000 outside (/proc/self/uid_map: 0 1000 1, 1 100000 65536)"],
    [1000, "uid 1000 here is uid 100999 outside (/proc/self/uid_map: 0 1000 1, 1 100000 65536)"],
    [70000, "uid 70000 is not mapped (/proc/self/uid_map: 0 1000 1, 1 100000 65536)"],
  ])("says what uid %i is outside", (uid, evidence) => {
    expect(hosts({ subject: { ...app, subject: aSubject({ uid, uidMap: map }) } })).toEqual([
      `user-namespace: ${evidence}`,
    ]);
  });

  it("maps each ID of a range, and no other", () => {
    fc.assert(
      fc.property(fc.nat(70000), (id) => {
        const outside = outsideOf(id, map);
        if (id === 0) expect(outside).toBe(1000);
        else expect(outside).toBe(id <= 65536 ? 99999 + id : undefined);
      }),
    );
  });
});

test.each([
  ["/nix/store/abc-go-1.26.0/share/go", ["nix-go: /nix/store/abc-go-1.26.0"]],
  ["/opt/homebrew/Cellar/go/1.26.0/libexec", ["homebrew-go: /opt/homebrew/Cellar/go"]],
  ["/usr/local/Cellar/go@1.25/1.25.1/libexec", ["homebrew-go: /usr/local/Cellar/go@1.25"]],
  ["/home/linuxbrew/.linuxbrew/opt/go/bin/go", ["homebrew-go: /home/linuxbrew/.linuxbrew/opt/go"]],
  ["/snap/go/10748/bin/go", ["snap-go: /snap/go/10748"]],
  ["/usr/local/opt/gopher/bin/go", []],
  ["/home/app/nix/store/x/bin/go", []],
])("go at %s", (path, expected) => {
  expect(hosts({ goPaths: [path] })).toEqual(expected);
});

test("a home directory on NFS", () => {
  const mount = (type: string) => aMount({ mountPoint: "/home", type, source: "server:/export/home" });
  const home = (type: string) => [aPlace("HOME", "/home/app", { mount: mount(type) })];
  expect(hosts({ places: home("nfs4") })).toEqual(["nfs-home: /home/app is on /home (nfs4 from server:/export/home)"]);
  expect(hosts({ places: home("ext4") })).toEqual([]);
  expect(hosts({ places: home("cifs") })).toEqual([]);
});

test.each([
  ["snap.multipass.x (enforce)\n", { SNAP: "/snap/multipass/1" }, 1],
  ["snap.code.code (complain)\n", { SNAP: "/snap/code/1" }, 0],
  ["docker-default (enforce)\n", { SNAP: "/snap/docker/1" }, 0],
  ["snap.x.y (enforce)", {}, 0],
  ["unconfined\n", { SNAP: "/snap/code/1" }, 0],
])("AppArmor label %j", (label, environment, count) => {
  const text = (path: string) => (path === "/proc/self/attr/current" ? label : undefined);
  expect(inEnvironment(environment, { text })).toHaveLength(count);
});

describe("/etc/subuid", () => {
  it("is read as shadow reads it", () => {
    const text =
      "alice:100000:65536\n# bob:1:2\n1001:165536:65536\nbroken:1\ncarol:4294967000:65536\ndave:5:0\n:1:2\nx:-1:5\n";
    expect(parseSubordinates(text)).toEqual([
      { user: "alice", from: 100000, count: 65536 },
      { user: "1001", from: 165536, count: 65536 },
    ]);
  });

  it("takes any text", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        for (const { from, count } of parseSubordinates(text)) expect(from + count).toBeLessThanOrEqual(4294967295);
      }),
    );
  });
});

test("each kind of host has a page", () => {
  const pages: Record<HostKind, string> = {
    codespaces: "devcontainer",
    devcontainer: "devcontainer",
    "user-namespace": "rootless",
    "github-hosted-runner": "github-runner",
    "github-self-hosted-runner": "github-runner",
    "gitlab-runner": "gitlab-runner",
    "jenkins-agent": "jenkins",
    openshift: "openshift",
    "nfs-home": "nfs",
    "nix-go": "nix",
    "homebrew-go": "homebrew",
    "snap-go": "snap",
    "snap-confinement": "snap",
  };
  expect(Object.keys(pages).sort()).toEqual(Object.keys(hostKinds).sort());
  const names = readdirSync(new URL("../../docs/hosts/", import.meta.url)).map((name) => name.replace(/\.md$/, ""));
  expect(names.sort()).toEqual([...new Set(Object.values(pages))].sort());
  for (const name of names) {
    const page = readFileSync(new URL(`../../docs/hosts/${name}.md`, import.meta.url), "utf8");
    for (const part of ["**What happens.**", "**See it.**", "**The commands.**", "**Rules.**", "**How sure.**"])
      expect(page, name).toContain(part);
    for (const [, target = ""] of page.matchAll(/\]\(([^)#]+)\)/g))
      expect(existsSync(new URL(`../../docs/hosts/${target}`, import.meta.url)), target).toBe(true);
  }
});
