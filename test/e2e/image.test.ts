// The image with the executable: built, run, and copied from into an image with go.
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import { ContainerLab, describeInContainers, must } from "./container-lab.ts";
import { makeLab } from "./lab.ts";

const repository = fileURLToPath(new URL("../..", import.meta.url));

describeInContainers("the image", () => {
  let lab: ContainerLab;
  beforeAll(() => {
    execFileSync(join(repository, "scripts/build-executables.sh"), ["linux-x64"], { cwd: repository, stdio: "ignore" });
    lab = new ContainerLab(makeLab("image"));
    // In place of Debian, which would have to be fetched: its C library, a shell and busybox.
    lab.makeBase();
    const context = join(lab.directory, "context");
    mkdirSync(context);
    execFileSync(join(repository, "packaging/image/build.sh"), ["--context", context], { cwd: repository });
    const file = readFileSync(join(repository, "packaging/image/Containerfile"), "utf8");
    must(lab.build("gomodcache", file.replace(/^ARG BASE=.*$/m, "ARG BASE=localhost/base")));
    must(
      lab.build(
        "golang",
        "FROM localhost/base\nRUN rm /usr/bin/gomodcache /usr/bin/gomodcache-init /usr/bin/node\nCOPY --from=localhost/gomodcache /gomodcache /gomodcache-init /usr/bin/\n",
      ),
    );
  }, 300_000);
  afterAll(() => lab?.remove());

  it("runs gomodcache", () => {
    const { version } = JSON.parse(readFileSync(join(repository, "package.json"), "utf8"));
    expect(must(lab.run(["localhost/gomodcache", "--version"])).stdout).toBe(`${version}\n`);
    expect(must(lab.run(["localhost/gomodcache", "explain", "partial-extraction"])).stdout).toContain(
      "# partial-extraction",
    );
  });

  it("gives its program to an image with go, without node: init as the entrypoint, then doctor as the user", () => {
    const script =
      'id -u; stat -c "%u %a" /cache; touch /cache/mine && gomodcache doctor --cache-dir /cache; echo "doctor: $?"';
    const { stdout } = must(
      lab.run(
        ["--entrypoint", "gomodcache-init", "localhost/golang"].concat([
          "--cache-dir",
          "/cache",
          "--owner",
          "1001:1001",
          "--",
          "sh",
          "-c",
          script,
        ]),
      ),
    );
    expect(stdout).toContain("1001\n1001 755\n");
    // Only getfacl is missing there, and what was not looked at is not called healthy.
    expect(stdout).toMatch(/access-lists-unread.*getfacl is not installed/);
    expect(stdout).not.toMatch(/^x error/m);
    expect(stdout).toContain("doctor: 3");
  });
});
