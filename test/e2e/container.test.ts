// gomodcache-init where most people meet it: in a Dockerfile, as an entrypoint, beside containers that dropped capabilities.
import { spawnSync } from "node:child_process";
import { chmodSync, cpSync, lstatSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { ContainerLab, describeInContainers, must } from "./container-lab.ts";
import { goProgram, makeLab, makeProxy, writeTree } from "./lab.ts";

const goSettings = {
  GOPROXY: "file:///proxy",
  GOSUMDB: "off",
  GOTOOLCHAIN: "local",
  GOMODCACHE: "/go/pkg/mod",
  CGO_ENABLED: "0",
};
const settings = Object.entries(goSettings).map(([name, value]) => `ENV ${name}=${value}`);
const flags = Object.entries(goSettings).flatMap(([name, value]) => ["-e", `${name}=${value}`]);
const build = "cd /home/app/src && HOME=/home/app go build -o /tmp/app . && /tmp/app";

describeInContainers("gomodcache-init in containers", () => {
  let lab: ContainerLab;
  let proxy: string;
  let source: string;
  let volume: string;
  beforeAll(() => {
    lab = new ContainerLab(makeLab("container"));
    proxy = join(lab.directory, "proxy");
    source = join(lab.directory, "source");
    makeProxy(proxy, [
      {
        path: "example.com/greet",
        version: "v1.0.0",
        files: { "go.mod": "module example.com/greet\n", "greet.go": 'package greet\n\nconst Word = "hello"\n' },
      },
    ]);
    writeTree(source, {
      "go.mod": "module example.com/app\n\ngo 1.21\n\nrequire example.com/greet v1.0.0\n",
      "main.go": 'package main\n\nimport "example.com/greet"\n\nfunc main() { println(greet.Word) }\n',
    });
    must(
      spawnSync(goProgram, ["mod", "tidy"], {
        cwd: source,
        encoding: "utf8",
        env: {
          PATH: "/usr/bin:/bin",
          HOME: join(lab.directory, "home"),
          GOPROXY: `file://${proxy}`,
          GOSUMDB: "off",
          GOFLAGS: "-modcacherw",
          GOTOOLCHAIN: "local",
        },
      }),
    );
    lab.makeBase();
  });
  afterAll(() => lab.remove());
  beforeEach(() => {
    volume = join(lab.directory, "volume");
    rmSync(volume, { recursive: true, force: true });
    mkdirSync(volume);
  });

  /** What an image build as root with a strict umask leaves, with more steps before another user builds. */
  const dockerfile = (...steps: string[]): string =>
    [
      "FROM localhost/base",
      ...settings,
      "RUN mkdir -p /go/pkg && cd /source && umask 077 && go mod download",
      ...steps,
      "USER 1001:1001",
      "RUN mkdir -p /home/app/src && cat /source/go.mod > /home/app/src/go.mod && cat /source/go.sum > /home/app/src/go.sum && cat /source/main.go > /home/app/src/main.go",
      `RUN ${build}`,
      "",
    ].join("\n");

  it("a Dockerfile that downloads as root and builds as another user fails without it, and passes with it", () => {
    const mounts = { [proxy]: "/proxy", [source]: "/source" };
    const without = lab.build("without", dockerfile(), mounts);
    expect(without.status).not.toBe(0);
    expect(without.stdout + without.stderr).toContain("permission denied");
    const steps = ["RUN gomodcache-init --cache-dir /go/pkg/mod --owner 1001:1001 --umask 022 --no-undo"];
    const given = lab.build("given", dockerfile(...steps), mounts);
    expect(given.stdout + given.stderr).toContain("hello");
    expect(given.status).toBe(0);
    // A second step changes nothing, so it adds no files to the image.
    const again = lab.build("again", dockerfile(...steps, ...steps), mounts);
    expect(again.status).toBe(0);
    expect(again.stdout).toContain("Nothing to do");
  });

  const spoil = (): void => {
    const script = "umask 077; cd /source && go mod download";
    must(
      lab.run([...flags, "localhost/base", "sh", "-c", script], {
        [proxy]: "/proxy",
        [source]: "/source",
        [volume]: "/go/pkg/mod",
      }),
    );
  };
  const copySource = (): Record<string, string> => {
    const own = join(lab.directory, "own");
    cpSync(source, own, { recursive: true });
    must(spawnSync("chown", ["-R", "1001:1001", own], { encoding: "utf8" }));
    return { [proxy]: "/proxy", [own]: "/home/app/src", [volume]: "/go/pkg/mod" };
  };

  it("as an entrypoint it gives a volume to a user, becomes the command as that user, and passes its status on", () => {
    spoil();
    const user = lab.run([...flags, "--user", "1001:1001", "localhost/base", "sh", "-c", build], copySource());
    expect(user.status).not.toBe(0);
    expect(user.stderr).toContain("permission denied");
    const entrypoint = ["--entrypoint", '["gomodcache-init","--owner","1001:1001","--deep","--"]'];
    const script = `id -u; ${build}; exit 7`;
    const ran = lab.run([...flags, ...entrypoint, "localhost/base", "sh", "-c", script], copySource());
    expect(ran.stdout.split("\n")).toContain("1001");
    expect(ran.stderr).toContain("hello");
    expect(ran.status).toBe(7);
    expect(lstatSync(join(volume, "cache")).uid).toBe(1001);
    // Now the user needs no entrypoint.
    expect(lab.run([...flags, "--user", "1001:1001", "localhost/base", "sh", "-c", build], copySource()).status).toBe(
      0,
    );
  });

  it("podman stop reaches the command through it", async () => {
    const entrypoint = ["--entrypoint", '["gomodcache-init","--owner","1001:1001","--"]'];
    const script = "trap 'echo stopped; exit 3' TERM; echo ready; while :; do sleep 0.1; done";
    const name = `stop-${process.pid}`;
    const options = ["run", "--detach", "--name", name, "--network", "none", "-v", `${volume}:/go/pkg/mod`, ...flags];
    must(lab.podman([...options, ...entrypoint, "localhost/base", "sh", "-c", script]));
    const logs = (): string => lab.podman(["logs", name]).stdout;
    for (let at = 0; at < 200 && !logs().includes("ready"); at += 1) await setTimeout(50);
    must(lab.podman(["stop", "--time", "20", name]));
    expect(logs()).toContain("stopped");
    expect(lab.podman(["inspect", "--format", "{{.State.ExitCode}}", name]).stdout.trim()).toBe("3");
  });

  it("works in a container whose root file system is read-only", () => {
    spoil();
    const argv = [...flags, "--read-only", "--tmpfs", "/tmp", "localhost/base", "gomodcache-init"];
    const ran = lab.run([...argv, "--owner", "1001:1001", "--deep", "--no-undo"], { [volume]: "/go/pkg/mod" });
    expect(ran.stdout + ran.stderr).toContain("Changed");
    expect(ran.status).toBe(0);
    expect(lstatSync(join(volume, "cache")).uid).toBe(1001);
  });

  it("root that dropped its capabilities is told what an administrator must run, and nothing is half done", () => {
    spoil();
    chmodSync(volume, 0o777);
    must(spawnSync("chown", ["-R", "2002:2002", volume], { encoding: "utf8" }));
    const argv = [...flags, "--cap-drop", "all", "localhost/base", "gomodcache-init", "--owner", "1001:1001"];
    const ran = lab.run([...argv, "--from", "2002", "--deep", "--no-undo"], { [volume]: "/go/pkg/mod" });
    expect(ran.status).toBe(4);
    expect(ran.stdout + ran.stderr).toContain("as root with its capabilities");
    expect(lstatSync(join(volume, "cache")).uid).toBe(2002);
  });
});
