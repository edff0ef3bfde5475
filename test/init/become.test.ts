import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { chmodSync, chownSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { asUser, isRoot, notRoot, openDirectory } from "../host/as-user.ts";
import { bundleCode } from "./bundle.ts";

let directory: string;
let program: string;

beforeAll(() => {
  directory = openDirectory("become");
  program = bundleCode(
    `import { become } from "/src/init/become.ts";
     import { UserError } from "/src/error.ts";
     // As cli.ts does.
     process.on("SIGINT", () => process.exit(130));
     const { env, stdout, stderr } = process;
     try {
       const request = JSON.parse(process.argv[2]);
       if (request.say) stderr.write(request.say);
       process.exitCode = await become(request, { env, stdout, stderr });
     } catch (error) {
       if (!(error instanceof UserError)) throw error;
       console.error(error.message + " | " + error.hint);
       process.exitCode = error.status;
     }`,
    join(directory, "become.mjs"),
  );
});
afterAll(() => rmSync(directory, { recursive: true }));

interface Wanted {
  readonly uid?: number;
  readonly gid?: number;
  readonly groups?: readonly number[];
  readonly name?: string;
  readonly home?: string;
  readonly umask?: number;
  readonly replace?: boolean;
  readonly say?: string;
}

function argvFor(command: readonly string[], wanted: Wanted, wrapper: readonly string[] = []): string[] {
  const { uid = 2001, gid = uid, groups = [], umask = 0o022, name, home, replace, say } = wanted;
  const subject = { uid, gid, groups, capabilities: {}, umask: 0o022 };
  const owner = { subject, self: false, name, home };
  const request = { command, owner, umask, directory: "/srv/mod", replace, say };
  return [...wrapper, process.execPath, program, JSON.stringify(request)];
}

interface RunOptions {
  readonly env?: Record<string, string>;
  readonly wrapper?: readonly string[];
  readonly input?: string;
  readonly cwd?: string;
}

function run(command: readonly string[], wanted: Wanted = {}, options: RunOptions = {}) {
  const [file = "", ...args] = argvFor(command, wanted, options.wrapper);
  const env = { PATH: process.env["PATH"] ?? "", HOME: "/root", ...options.env };
  const { status, signal, stdout, stderr } = spawnSync(file, args, {
    env,
    cwd: options.cwd ?? "/",
    input: options.input ?? "",
    encoding: "utf8",
  });
  return { status, signal, stdout, stderr };
}

const becomesIt = "execve" in process;

// Where node cannot become a program, both are the same.
describe.each([{ replace: true }, { replace: false }])("become, replace: $replace", ({ replace }) => {
  test("the command has the owner's IDs and groups, and no capability", (context) => {
    context.skip(!isRoot, notRoot);
    const script = "id -u; id -g; id -G; umask; grep -E '^(Uid|Gid|Cap(Prm|Eff|Amb)|Sig(Ign|Blk))' /proc/self/status";
    for (const [uid, gid, groups, umask] of [
      [2001, 2001, [], 0o022],
      [2001, 5000, [5000, 3000], 0o002],
      [65534, 65534, [3000], 0o077],
    ] as const) {
      const wanted = { uid, gid, groups, umask, replace };
      const { stdout, status, stderr } = run(["sh", "-c", script], wanted);
      expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
      const [u, g, all, mask, ...rest] = stdout.trim().split("\n");
      expect([u, g, mask]).toEqual([String(uid), String(gid), umask.toString(8).padStart(4, "0")]);
      expect(new Set(all?.split(" ").map(Number))).toEqual(new Set([gid, ...groups]));
      const field = (name: string) =>
        rest
          .find((line) => line.startsWith(name))
          ?.split(/\s+/)
          .slice(1);
      expect(field("Uid")).toEqual(Array(4).fill(String(uid)));
      expect(field("Gid")).toEqual(Array(4).fill(String(gid)));
      for (const name of ["CapPrm", "CapEff", "CapAmb", "SigBlk"]) expect(field(name)).toEqual(["0".repeat(16)]);
      // SIGPIPE, which node ignores.
      expect(BigInt(`0x${field("SigIgn")?.[0]}`) & 0x1000n).toBe(0n);
    }
  });

  test("root without supplementary groups stays root, and a plain user who is the owner stays as is", (context) => {
    context.skip(!isRoot, notRoot);
    expect(run(["id", "-u"], { uid: 0, replace }).stdout).toBe("0\n");
    const wrapper = asUser(2001, 3000);
    const { stdout } = run(["sh", "-c", "id -u; id -G; echo $HOME"], { uid: 2001, gid: 2001, replace }, { wrapper });
    expect(stdout).toBe("2001\n2001 3000\n/root\n");
  });

  test("the status, the input and the output are the command's", (context) => {
    context.skip(!isRoot, notRoot);
    const script = "cat; echo to-stderr >&2; exit 37";
    expect(run(["sh", "-c", script], { replace }, { input: "from stdin\n" })).toEqual({
      status: 37,
      signal: null,
      stdout: "from stdin\n",
      stderr: "to-stderr\n",
    });
    expect(run(["printf", "<%s>", "a b", "", "$(id)", "'\"", "--"], { replace }).stdout).toBe(
      "<a b><><$(id)><'\"><-->",
    );
  });

  test("a command that is killed ends us by the same signal", (context) => {
    context.skip(!isRoot, notRoot);
    for (const signal of ["TERM", "KILL", "INT", "HUP", "USR1", "PIPE", "SEGV"]) {
      const { signal: ended } = run(["sh", "-c", `ulimit -c 0; kill -${signal} $$`], { replace });
      expect(ended).toBe(`SIG${signal}`);
    }
  });

  test("as process 1 the status tells the signal", (context) => {
    context.skip(!isRoot, notRoot);
    const wrapper = ["unshare", "--pid", "--fork", "--mount-proc"];
    // By another process: process 1 cannot be killed from inside of its container.
    const script = "if [ $$ = 1 ]; then exit 143; else kill -TERM $$; fi";
    expect(run(["sh", "-c", script], { replace }, { wrapper }).status).toBe(143);
  });

  test("signals that reach us reach the command", async (context) => {
    context.skip(!isRoot, notRoot);
    const names = ["HUP", "INT", "QUIT", "USR1", "USR2", "ALRM", "WINCH", "CONT", "TSTP"];
    const traps = names.map((name) => `trap 'echo ${name}' ${name}`).join("; ");
    const script = `${traps}; trap 'echo TERM; exit 9' TERM; echo ready; while :; do sleep 0.05; done`;
    const [file = "", ...args] = argvFor(["sh", "-c", script], { replace });
    const child = spawn(file, args, { stdio: ["ignore", "pipe", "inherit"], cwd: "/" });
    const lines = linesOf(child);
    expect(await lines()).toBe("ready");
    for (const name of names) {
      child.kill(`SIG${name}` as NodeJS.Signals);
      expect(await lines()).toBe(name);
    }
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGTERM");
    expect(await lines()).toBe("TERM");
    expect(await ended).toBe(9);
  });

  test("each Ctrl-C at a terminal reaches the command once", (context) => {
    context.skip(!isRoot, notRoot);
    const log = join(directory, `interrupts-${replace}`);
    writeFileSync(log, "");
    chmodSync(log, 0o666);
    const note = (word: string): string => `require("fs").appendFileSync("${log}", "${word}\\n")`;
    // It never sleeps: two signals that find a process asleep may become one.
    const spin = "const spin = () => Date.now() < end ? setImmediate(spin) : process.exit(5)";
    const listen = `process.on("SIGINT", () => ${note("INT")})`;
    const counter = `const end = Date.now() + 2000; ${spin}; ${listen}; ${note("ready")}; spin()`;
    const argv = argvFor([process.execPath, "-e", counter], { replace });
    const words = argv.map((word) => `'${word.replaceAll("'", "'\\''")}'`);
    // script(1) gives it a terminal, on which the third byte of ASCII is Ctrl-C. It starts a shell (SHELL, or else /bin/sh,
    // which would stay in between and die of the first one): exec puts the command in its place.
    const keys = `timeout 20 sh -c 'until grep -q ready ${log}; do sleep 0.05; done'; sleep 0.2; for i in 1 2 3 4 5 6; do printf '\\003'; sleep 0.15; done; sleep 2`;
    const typed = spawnSync("sh", ["-c", `(${keys}) | script -qec "$0" /dev/null`, `exec ${words.join(" ")}`], {
      encoding: "utf8",
    });
    expect(typed.status).toBe(5);
    expect(readFileSync(log, "utf8")).toBe(`ready\n${"INT\n".repeat(6)}`);
  });

  test("a command that is not there is 127, one that cannot be executed 126, with the reason", (context) => {
    context.skip(!isRoot, notRoot);
    const bin = join(directory, `bin-${replace}`);
    mkdirSync(bin);
    const make = (name: string, text: string | Buffer, mode: number): string => {
      writeFileSync(join(bin, name), text);
      chmodSync(join(bin, name), mode);
      return join(bin, name);
    };
    const cases = [
      ["no-such-command", 127, "not on PATH"],
      [join(bin, "absent"), 127, "does not exist"],
      [make("plain", "#!/bin/sh\n", 0o644), 126, "EACCES"],
      ["plain", 126, "EACCES"],
      [make("secret", "#!/bin/sh\n", 0o700), 126, "EACCES"],
      [make("lost", "#!/no/such/sh\n", 0o755), 127, "interpreter or loader"],
      [bin, 126, "not a file"],
      ["", 127, "empty"],
      [make("alien", withoutLoader(), 0o755), 127, "interpreter or loader"],
    ] as const;
    for (const [name, status, reason] of cases) {
      const result = run([name], { replace }, { env: { PATH: `${bin}:/usr/bin:/bin` } });
      expect({ name, status: result.status }).toEqual({ name, status });
      expect(result.stderr).toContain(reason);
      expect(result.stderr).toContain("as user 2001:2001");
    }
    make("script", "#!/bin/sh\necho script $1\n", 0o755);
    expect(run(["script", "x"], { replace }, { env: { PATH: `/nowhere:${bin}:/bin` } }).stdout).toBe("script x\n");
    expect(run(["script", "y"], { replace }, { env: { PATH: ":/bin" }, cwd: bin }).stdout).toBe("script y\n");
    expect(run(["./script", "z"], { replace }, { cwd: bin }).stdout).toBe("script z\n");
  });

  test("the environment stays but for the cache, the names and a home that is of no use", (context) => {
    context.skip(!isRoot, notRoot);
    const home = join(directory, `home-${replace}`);
    mkdirSync(home);
    chownSync(home, 2001, 2001);
    const env = { ODD: "a\nb=c", USER: "root", LOGNAME: "root", SUDO_USER: "x", PATH: "/usr/bin:/bin" };
    const seen = (wanted: Wanted, more: Record<string, string> = {}): Record<string, string> => {
      const code = "process.stdout.write(JSON.stringify(process.env))";
      return JSON.parse(
        run([process.execPath, "-e", code], { ...wanted, replace }, { env: { ...env, ...more } }).stdout,
      );
    };
    const same = { ODD: "a\nb=c", SUDO_USER: "x", PATH: "/usr/bin:/bin", GOMODCACHE: "/srv/mod" };
    expect(seen({ name: "ann", home })).toEqual({ ...same, USER: "ann", LOGNAME: "ann", HOME: home });
    expect(seen({})).toEqual({ ...same, HOME: "/" });
    expect(seen({}, { HOME: home })).toEqual({ ...same, HOME: home });
    expect(seen({ uid: 0 })).toEqual({ ...same, USER: "root", LOGNAME: "root", HOME: "/root" });
  });

  test("standard streams are blocking again, and what was said before comes first", (context) => {
    context.skip(!isRoot, notRoot);
    const script = "cat /proc/self/fdinfo/1 /proc/self/fdinfo/2";
    const { stdout, stderr } = run(["sh", "-c", script], { say: "said\n", replace });
    const flags = [...stdout.matchAll(/^flags:\s*(\d+)$/gm)].map((match) => Number.parseInt(match[1] as string, 8));
    expect(flags).toHaveLength(2);
    expect(flags.map((flag) => flag & 0o4000)).toEqual([0, 0]);
    expect(stderr).toBe("said\n");
  });

  test("node becomes the command where it can, and stays its parent where it shall", (context) => {
    context.skip(!isRoot, notRoot);
    const [file = "", ...args] = argvFor(["sh", "-c", "echo $$"], { replace });
    const { pid, stdout } = spawnSync(file, args, { encoding: "utf8", cwd: "/" });
    expect(Number(stdout) === pid).toBe(becomesIt && replace);
  });
});

test("without the right to change users nothing runs", (context) => {
  context.skip(!isRoot, notRoot);
  const mark = join(directory, "ran");
  const attempts: [readonly string[], Wanted, RegExp][] = [
    [asUser(2002), { uid: 2001 }, /setgroups|setgid|setuid/],
    [asUser(2002), { uid: 0, gid: 0 }, /setgroups|setgid/],
    [["setpriv", "--bounding-set=-setuid"], { uid: 2001 }, /setuid: EPERM/],
    [["setpriv", "--bounding-set=-setgid"], { uid: 2001, groups: [3000] }, /setgroups: EPERM/],
    // SECBIT_NO_SETUID_FIXUP: root's capabilities survive setuid.
    [["capsh", "--secbits=0x4", "--"], { uid: 2001 }, /capabilities are left/],
    // An ordinary user who may change users, and would still be allowed to afterwards.
    [
      [...asUser(2002).slice(0, -1), "--inh-caps=+setuid,+setgid", "--ambient-caps=+setuid,+setgid", "--"],
      { uid: 2001 },
      /capabilities are left/,
    ],
  ];
  for (const [wrapper, wanted, reason] of attempts) {
    const argv = argvFor(["touch", mark], wanted);
    const shell = wrapper[0] === "capsh" ? ["-c", 'exec "$0" "$@"', ...argv] : argv;
    const [file = "", ...args] = [...wrapper, ...shell];
    const { status, stderr } = spawnSync(file, args, { encoding: "utf8", cwd: "/" });
    expect(stderr).toMatch(reason);
    expect(stderr).toContain("CAP_SETUID and CAP_SETGID");
    expect(status).toBe(4);
    expect(existsSync(mark)).toBe(false);
  }
});

test("an empty command and a cache without a UTF-8 name are refused", () => {
  expect(run([])).toMatchObject({ status: 2 });
});

/** A program that is linked for another system, as one for glibc is in Alpine: its dynamic loader is not there. */
function withoutLoader(): Buffer {
  const text = readFileSync("/bin/true").toString("latin1");
  const changed = text.replace(/\/lib\w*\/ld-/, (path) => path.replace("lib", "bil"));
  expect(changed).not.toBe(text);
  return Buffer.from(changed, "latin1");
}

/** The next line that the child prints, at each call. */
function linesOf(child: ChildProcess): () => Promise<string | undefined> {
  let text = "";
  let wake = (): void => undefined;
  child.stdout?.setEncoding("utf8").on("data", (part: string) => {
    text += part;
    wake();
  });
  child.once("close", () => wake());
  return async () => {
    while (!text.includes("\n")) {
      if (child.stdout?.readableEnded === true) return undefined;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
    const end = text.indexOf("\n");
    const line = text.slice(0, end);
    text = text.slice(end + 1);
    return line;
  };
}
