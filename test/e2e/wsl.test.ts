// doctor, can, why and fix as programs, on a machine that shows the recordings of WSL (test/fixtures/wsl/README.md).
import {
  chmodSync,
  chownSync,
  copyFileSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { give, goProgram, makeLab, removeLab, root, writeTree } from "./lab.ts";
import { command } from "./program.ts";
import { describeOnMachine } from "./requirements.ts";
import { WslMachine } from "./wsl-lab.ts";

const gopher = { uid: 2001, gid: 2001 };
const cache = "/mnt/c/go/pkg/mod";

interface Document {
  readonly findings: readonly { readonly rule: string; readonly fixes: readonly { readonly command: string }[] }[];
  readonly skipped: readonly { readonly rule: string; readonly reason: string }[];
  readonly wslConf?: Readonly<Record<string, unknown>>;
}

describeOnMachine("in WSL", () => {
  let lab: string;
  let machine: WslMachine;

  beforeEach(() => {
    lab = makeLab("wsl");
    machine = new WslMachine(lab, "wsl2-9p");
    copyFileSync(machine.conf(), machine.at("etc/wsl.conf"));
    writeTree(machine.at("mnt/c/app"), { "go.mod": "module example.org/app\n\ngo 1.18\n" });
    mkdirSync(machine.at(`${cache}/cache/download`), { recursive: true });
    give(machine.at("mnt/c"), gopher.uid, gopher.gid);
    mkdirSync(join(lab, "home"));
    chownSync(join(lab, "home"), gopher.uid, gopher.gid);
  });
  afterEach(() => removeLab(lab));

  const env = (changes: Record<string, string> = {}): Record<string, string> => ({
    PATH: `${dirname(goProgram)}:/usr/bin:/bin`,
    HOME: join(lab, "home"),
    GOTOOLCHAIN: "local",
    GOMODCACHE: cache,
    GOPROXY: "off",
    ...changes,
  });
  const run = (user: typeof gopher, args: readonly string[], changes: Record<string, string> = {}) =>
    machine.run(user, [...command, ...args], { cwd: "/mnt/c/app", env: env(changes) });
  const doctor = (changes: Record<string, string> = {}): { rules: string[]; document: Document } => {
    const { stdout, stderr } = run(gopher, ["doctor", "--json", "--no-progress"], changes);
    if (stdout === "") throw new Error(stderr);
    const document = JSON.parse(stdout) as Document;
    const ours = /windows-drive|wsl/;
    return {
      rules: document.findings
        .map(({ rule }) => rule)
        .filter((rule) => ours.test(rule))
        .sort(),
      document,
    };
  };
  const conf = (): string => readFileSync(machine.at("etc/wsl.conf"), "latin1");
  const backups = (): string[] => readdirSync(machine.at("etc")).filter((name) => name.startsWith("wsl.conf."));

  it("doctor names the drive, the advice that does nothing, and puts the Linux side first", () => {
    const { rules, document } = doctor({ GOCACHE: "/mnt/c/build" });
    expect(rules).toEqual([
      "build-cache-on-windows-drive",
      "cache-on-windows-drive",
      "work-tree-on-windows-drive",
      "wsl-conf-setting-ignored",
    ]);
    const finding = document.findings.find(({ rule }) => rule === "cache-on-windows-drive");
    expect(finding?.fixes.map(({ command }) => command)).toEqual([
      'gomodcache init --cache-dir "$HOME/go/pkg/mod" && export GOMODCACHE="$HOME/go/pkg/mod"',
      "sudo gomodcache fix --wsl-conf",
    ]);
  });

  it("can and why answer unknown on the drive, with and without metadata", () => {
    for (const [generation, words] of [
      ["wsl2-9p", "without metadata: Windows decides"],
      ["wsl2-9p-metadata", "Windows may refuse what the mode grants"],
      ["wsl2-virtiofs", "over virtiofs, whose options are not shown"],
      ["wsl1", "without metadata: Windows decides"],
    ] as const) {
      machine.restartAs(generation);
      const why = run(gopher, ["why", `${cache}/cache`, "--op", "write"]);
      expect(why.status, generation + why.stderr).toBe(3);
      expect(why.stdout.replace(/\s+/g, " "), generation).toContain(words);
      expect(run(gopher, ["can", "write"]).status, generation).toBe(3);
    }
  });

  it("with metadata the mode can still refuse, and without it nothing is told", () => {
    chmodSync(machine.at("mnt/c"), 0o700);
    chownSync(machine.at("mnt/c"), 0, 0);
    const why = () => machine.run(gopher, [...command, "why", cache, "--op", "write"], { cwd: "/", env: env() });
    expect(why().status).toBe(3);
    machine.restartAs("wsl2-9p-metadata");
    const { status, stdout } = why();
    expect(status).toBe(1);
    expect(stdout).toContain("others have ---");
  });

  it("fix shows the better way and the edit, and a dry run writes nothing", () => {
    const { status, stdout } = run(root, ["fix", "--cache-dir", cache, "--dry-run"]);
    expect(status).toBe(0);
    expect(stdout).toContain("Better, since every file of the drive passes through Windows");
    expect(stdout.indexOf("gomodcache init --cache-dir")).toBeLessThan(stdout.indexOf("/etc/wsl.conf"));
    expect(stdout).toContain('+options="metadata,umask=22,fmask=11"');
    expect(stdout).toContain("wsl.exe --shutdown");
    expect(conf()).toBe("[wsl2]\nmetadata=true\n");
    expect(backups()).toEqual([]);
  });

  it("fix does not ask where nobody can answer, nor a user who may not write there", () => {
    expect(run(root, ["fix", "--cache-dir", cache]).status).toBe(2);
    const { status, stdout } = run(gopher, ["fix", "--yes"]);
    expect(status).toBe(4);
    expect(stdout).toContain("sudo gomodcache fix --wsl-conf");
    expect(conf()).toBe("[wsl2]\nmetadata=true\n");
  });

  it("fix writes one section, keeps owner, mode and the text of before, and changes no mode in the cache", () => {
    chmodSync(machine.at("etc/wsl.conf"), 0o664);
    chownSync(machine.at("etc/wsl.conf"), 0, 4);
    chmodSync(machine.at(`${cache}/cache/download`), 0o700);
    const { status, stdout } = run(root, ["fix", "--cache-dir", cache, "--yes"]);
    expect(status, stdout).toBe(1);
    expect(conf()).toBe('[wsl2]\nmetadata=true\n\n[automount]\noptions="metadata,umask=22,fmask=11"\n');
    const { mode, uid, gid } = lstatSync(machine.at("etc/wsl.conf"));
    expect([(mode & 0o7777).toString(8), uid, gid]).toEqual(["664", 0, 4]);
    const [backup, ...more] = backups();
    expect(more).toEqual([]);
    expect(stdout).toContain(`sudo mv /etc/${backup} /etc/wsl.conf`);
    expect(readFileSync(machine.at(`etc/${backup}`), "latin1")).toBe("[wsl2]\nmetadata=true\n");
    expect(lstatSync(machine.at(`${cache}/cache/download`)).mode & 0o777).toBe(0o700);

    // The drive is still mounted as before.
    expect(doctor().rules).toContain("wsl-restart-needed");
    const again = run(root, ["fix", "--wsl-conf", "--yes"]);
    expect(again.status).toBe(0);
    expect(again.stdout).toContain("the drives are not mounted with it yet");
    expect(backups()).toHaveLength(1);

    // After a restart, what is left is where the cache is, and the line that does nothing.
    machine.restartAs("wsl2-9p-metadata");
    expect(doctor().rules).toEqual([
      "cache-on-windows-drive",
      "work-tree-on-windows-drive",
      "wsl-conf-setting-ignored",
    ]);
    expect(run(root, ["fix", "--wsl-conf", "--yes"]).stdout).toContain("Nothing to do");
  });

  it("CRLF, comments and bytes that are no UTF-8 stay as they are", () => {
    const before =
      '# gr\xfc\xdfe\r\n[automount]\r\nroot = /mnt/ # here\r\noptions = "umask=077" # mine\r\n[boot]\r\nsystemd=true';
    writeFileSync(machine.at("etc/wsl.conf"), before, "latin1");
    const { status } = run(root, ["fix", "--wsl-conf", "--yes"]);
    expect(status).toBe(0);
    expect(conf()).toBe(before.replace('"umask=077"', '"metadata,umask=077"'));
  });

  it("a distribution without the file gets one", () => {
    rmSync(machine.at("etc/wsl.conf"));
    expect(doctor().rules).toEqual(["cache-on-windows-drive", "work-tree-on-windows-drive"]);
    const { status, stdout } = run(root, ["fix", "--wsl-conf", "--yes"]);
    expect(status, stdout).toBe(0);
    expect(conf()).toBe('[automount]\noptions = "metadata,umask=22,fmask=11"\n');
    expect(lstatSync(machine.at("etc/wsl.conf")).mode & 0o777).toBe(0o644);
    expect(stdout).toContain("To take it back: sudo rm /etc/wsl.conf");
  });

  it.each([
    ["UTF-16", Buffer.from("\ufeff[automount]\noptions=metadata\n", "utf16le"), "UTF-16"],
    ["a byte order mark", Buffer.from("\ufeff[automount]\noptions=metadata\n"), "byte order mark"],
    ["a semicolon", Buffer.from("; mine\n[automount]\noptions=metadata\n"), "semicolon"],
  ])("a file with %s is named, and left as it is", (_, bytes, words) => {
    writeFileSync(machine.at("etc/wsl.conf"), bytes);
    expect(doctor().rules).toContain("wsl-conf-malformed");
    const { status, stdout } = run(root, ["fix", "--wsl-conf", "--yes"]);
    expect(status).toBe(1);
    expect(stdout).toContain(words);
    expect(readFileSync(machine.at("etc/wsl.conf")).equals(bytes)).toBe(true);
    expect(backups()).toEqual([]);
  });

  it("a link, as NixOS has one, is left to whatever made it", () => {
    rmSync(machine.at("etc/wsl.conf"));
    writeFileSync(machine.at("etc/static.conf"), "[boot]\nsystemd=true\n");
    symlinkSync("/etc/static.conf", machine.at("etc/wsl.conf"));
    const { status, stdout } = run(root, ["fix", "--wsl-conf", "--yes"]);
    expect(status).toBe(1);
    expect(stdout).toContain("symbolic link");
    expect(readFileSync(machine.at("etc/static.conf"), "utf8")).toBe("[boot]\nsystemd=true\n");
  });

  it("a closed file makes the answer incomplete, not clean", () => {
    chmodSync(machine.at("etc/wsl.conf"), 0);
    const { document } = doctor();
    expect(document.skipped.map(({ rule }) => rule)).toEqual(expect.arrayContaining(["wsl-conf-malformed"]));
  });

  it("tells the same as one document", () => {
    const { status, stdout } = run(root, ["fix", "--wsl-conf", "--yes", "--json"]);
    expect(status).toBe(0);
    expect((JSON.parse(stdout) as Document).wslConf).toMatchObject({
      path: "/etc/wsl.conf",
      written: true,
      restart: true,
      backup: `/etc/${backups()[0]}`,
      edit: expect.stringContaining("+[automount]"),
    });
  });

  it("the advice that is given first works: the cache is on the Linux side then", () => {
    const found = doctor().document.findings.find(({ rule }) => rule === "cache-on-windows-drive");
    const advised = found?.fixes[0]?.command.replace(/^gomodcache/, command.join(" ")) ?? "";
    const after = `${advised} && go env GOMODCACHE`;
    const { status, stdout, stderr } = machine.run(gopher, ["sh", "-c", after], { cwd: "/mnt/c/app", env: env() });
    expect(status, stderr).toBe(0);
    expect(stdout.trimEnd().endsWith(`${lab}/home/go/pkg/mod`)).toBe(true);
    expect(doctor({ GOMODCACHE: `${lab}/home/go/pkg/mod` }).rules).not.toContain("cache-on-windows-drive");
  });

  it("in a container of Docker Desktop, wsl.conf is nobody's business", () => {
    machine.restartAs("docker-desktop");
    const { status, stderr } = run(root, ["fix", "--wsl-conf", "--yes"]);
    expect(status).toBe(2);
    expect(stderr).toContain("this is no distribution of WSL (but container)");
    expect(conf()).toBe("[wsl2]\nmetadata=true\n");
  });
});
