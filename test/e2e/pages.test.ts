// The commands of the pages for a task are run as their readers would: real users, sudo and go; what the page promises is then tried.
import { afterEach, beforeEach, expect, it } from "vitest";
import { makeLab, removeLab } from "./lab.ts";
import { blocksOf, type Host, hostScript, runOnHost, scriptOf } from "./page-lab.ts";
import { describeOnMachine } from "./requirements.ts";

describeOnMachine("pages", () => {
  let lab = "";
  beforeEach(() => {
    lab = makeLab("pages");
  });
  afterEach(() => removeLab(lab));

  const host = (files: Readonly<Record<string, string>> = {}): Host => ({
    lab,
    accounts: ["alice", "bob"],
    modules: ["alpha", "beta"].map((name) => ({
      path: `example.com/${name}`,
      version: "v1.0.0",
      files: {
        "go.mod": `module example.com/${name}\n\ngo 1.21\n`,
        "a.go": `package ${name}\n\nconst Name = "${name}"\n`,
      },
    })),
    project: {
      "go.mod": "module example.org/app\n\ngo 1.21\n\nrequire example.com/alpha v1.0.0\n",
      "main.go": 'package main\n\nimport "example.com/alpha"\n\nfunc main() { println(alpha.Name) }\n',
      ...files,
    },
  });
  const goSum =
    "(cd /home/alice/app && sudo -H -u alice env GOMODCACHE=/tmp/gomodcache-sum-$$ GOFLAGS=-modcacherw go mod tidy)\ncp /home/alice/app/go.sum /home/bob/app/go.sum\nrm -rf /tmp/gomodcache-sum-$$\n";

  // Two users compile the standard library.
  it("docs/shared-host.md", { timeout: 300_000 }, () => {
    const blocks = blocksOf("docs/shared-host.md");
    expect(blocks).toHaveLength(6);
    // A member whose umask closes what they make, then another who adds to the same directories; and back.
    const promised = `
sudo -H -u alice bash -euc 'umask 077; cd ~/app; go build -o /dev/null ./...; cd; go mod download example.com/alpha@v1.0.0'
sudo -H -u bob env GOPROXY=off bash -euc 'umask 022; cd ~/app; go build -o /dev/null ./...'
sudo -H -u bob bash -euc 'umask 077; cd /tmp; go mod download example.com/beta@v1.0.0'
sudo -H -u alice env GOPROXY=off bash -euc 'cd /tmp; go mod download example.com/beta@v1.0.0'
stat -c '%a %U:%G' /srv/gomod /srv/gomod-readonly
sudo -H -u bob env GOMODCACHE=/srv/gomod-readonly GOPROXY=off bash -euc 'cd ~/app; go build -o /dev/null ./...'
# With the common proxy closed, only what the page set up can fill bob's own cache.
chmod 700 ${lab}/proxy
sudo -H -u bob env GOMODCACHE=/home/bob/own bash -euc 'cd ~/app; go mod download && ls /home/bob/own/cache/download/example.com/alpha/@v/v1.0.0.zip'
`;
    const { status, said } = runOnHost(`${hostScript(host())}${goSum}${scriptOf(blocks)}\n${promised}`);
    expect(status, said).toBe(0);
    expect(said).toContain("2775 root:gomod\n755 root:root\n");
  });

  it("what is typed in a project", { timeout: 300_000 }, () => {
    const dockerfile =
      "FROM golang:1.25\nUSER 1001\nCOPY go.mod go.sum ./\nRUN --mount=type=cache,target=/go/pkg/mod go mod download\n";
    const begin = `cp -r ${lab}/app /root/app && cd /root/app && git init -q . && go mod tidy && git add -A
`;
    const blocks = ["docs/docker.md", "docs/kubernetes.md", "docs/ci.md"].map((page) =>
      blocksOf(page).filter(({ place }) => place === "in a project"),
    );
    expect(blocks.map(({ length }) => length)).toEqual([2, 2, 3]);
    const { status, said } =
      runOnHost(`${hostScript(host({ Dockerfile: dockerfile, "job.yaml": job }))}${begin}${scriptOf(blocks.flat())}
tail -n 1 events.jsonl
`);
    expect(status, said).toBe(0);
    expect(said).toContain("+RUN --mount=type=cache,target=/go/pkg/mod,uid=1001,gid=1001 go mod download");
    expect(said).toMatch(/kubernetes-cache-different-uids|kubernetes-init-leaves-root-files/);
    expect(said).toContain('"event"');
  });
});

const job = `apiVersion: batch/v1
kind: Job
metadata: {name: build}
spec:
  template:
    spec:
      restartPolicy: Never
      initContainers:
        - name: download
          image: golang:1.25
          command: [go, mod, download]
          securityContext: {runAsUser: 0}
          volumeMounts: [{name: cache, mountPath: /go/pkg/mod}]
      containers:
        - name: build
          image: golang:1.25
          command: [go, get, ./...]
          securityContext: {runAsUser: 1001}
          volumeMounts: [{name: cache, mountPath: /go/pkg/mod}]
      volumes: [{name: cache, emptyDir: {}}]
`;
