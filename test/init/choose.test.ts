import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { UserDatabase } from "../../src/host/users.ts";
import { choosePersist } from "../../src/init/choose.ts";
import type { PersistRequest } from "../../src/init/owner.ts";
import type { PersistWay } from "../../src/init/persist.ts";
import { openDirectory } from "../host/as-user.ts";
import { bundleCode } from "./bundle.ts";

const request: PersistRequest = {
  directory: "/srv/mod",
  owner: {
    subject: { uid: 2001, gid: 2001, groups: [], capabilities: new Set(), umask: 0o022 },
    self: false,
    name: "ann",
    home: "/home/ann",
  },
  umask: 0o002,
  shared: true,
  command: "gomodcache init",
  used: "/home/ann/go/pkg/mod",
  users: new UserDatabase({
    file: (path) => (path === "/etc/passwd" ? "ann:x:2001:2001::/home/ann:/bin/zsh\n" : undefined),
    program: () => ({ stdout: Buffer.alloc(0), stderr: "", timedOut: false }),
  }),
};

interface Asked {
  readonly way: PersistWay;
  readonly text: string;
}

async function ask(
  typed: string | undefined,
  options: { tty?: boolean; ci?: string; chosen?: PersistWay } = {},
): Promise<Asked> {
  const { tty = true, ci, chosen } = options;
  const input = Object.assign(new PassThrough(), { isTTY: tty });
  const stderr = Object.assign(new PassThrough(), { isTTY: tty });
  let text = "";
  stderr.on("data", (part) => {
    text += String(part);
  });
  if (typed !== undefined) input.end(typed);
  const env = ci === undefined ? {} : { CI: ci };
  const way = await choosePersist(chosen, request, { env, stderr: stderr as never }, { input });
  return { way, text };
}

test("what was chosen is not asked", async () => {
  expect(await ask(undefined, { chosen: "github" })).toEqual({ way: "github", text: "" });
});

test("nothing is asked without a terminal, in CI, or where go uses the directory already", async () => {
  expect(await ask(undefined, { tty: false })).toEqual({ way: "none", text: "" });
  expect(await ask(undefined, { ci: "true" })).toEqual({ way: "none", text: "" });
  const stderr = Object.assign(new PassThrough(), { isTTY: true });
  const same = { ...request, used: request.directory };
  const input = Object.assign(new PassThrough(), { isTTY: true });
  expect(await choosePersist(undefined, same, { env: {}, stderr: stderr as never }, { input })).toBe("none");
});

test("the question names the user, both directories and the shell", async () => {
  const { text } = await ask("1\n");
  expect(text).toContain("Shall go of ann use /srv/mod from now on? It uses /home/ann/go/pkg/mod now.");
  expect(text).toContain("start-up file of zsh");
});

test("numbers and words are answers; nothing, the end of input and three other answers are no", async () => {
  const answers: [string, PersistWay][] = [
    ["1\n", "go-env"],
    [" Yes \n", "go-env"],
    ["2\n", "shell"],
    ["shell\n", "shell"],
    ["3\n", "none"],
    ["\n", "none"],
    ["", "none"],
    ["what\n2\n", "shell"],
    ["a\nb\nc\n1\n", "none"],
  ];
  for (const [typed, way] of answers) expect([typed, (await ask(typed)).way]).toEqual([typed, way]);
});

test("Ctrl-C at the question interrupts the program", () => {
  const directory = openDirectory("choose");
  try {
    const program = bundleCode(
      `import { choosePersist } from "/src/init/choose.ts";
       process.on("SIGINT", () => process.exit(130));
       const request = ${JSON.stringify({ ...request, users: undefined })};
       await choosePersist(undefined, request, { env: {}, stderr: process.stderr });
       process.exit(9);`,
      join(directory, "choose.mjs"),
    );
    const typed = `(sleep 1; printf '\\003'; sleep 2) | script -qec "$0" /dev/null`;
    const { status } = spawnSync("sh", ["-c", typed, `${process.execPath} ${program}`], { encoding: "utf8" });
    expect(status).toBe(130);
  } finally {
    rmSync(directory, { recursive: true });
  }
});
