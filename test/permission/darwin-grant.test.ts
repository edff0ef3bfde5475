import { expect, it } from "vitest";
import type { DarwinEntry } from "../../src/permission/darwin-acl.ts";
import type { Ask, Decision } from "../../src/permission/decision.ts";
import type { Entry } from "../../src/permission/entry.ts";
import { grants } from "../../src/permission/grant.ts";
import { directory, file, subject } from "./subjects.ts";

const bob = subject(502, 20);
const on = (entry: Entry, more: Partial<DarwinEntry> = {}): Entry => ({
  ...entry,
  darwin: { acl: [], flags: [], ...more },
});
const commands = (entry: Entry, need: Ask, decision: Partial<Decision>) =>
  grants(
    { path: "/go/it's", entry, need, decision: { verdict: "no", by: "other", because: "", ...decision } },
    bob,
    (word) => `'${word.replaceAll("'", "'\\''")}'`,
  ).map(({ command }) => command);

it.each([
  [
    "takes only the entry away that denies",
    on(file(0, 0, 0o644)),
    "delete",
    { by: "acl-deny", ace: 3 },
    ["chmod -a# 3 '/go/it'\\''s'"],
  ],
  [
    "proposes nothing for a deny that may not be one",
    on(file(0, 0, 0o644)),
    "read",
    { by: "acl-deny", ace: 3, verdict: "unknown" },
    [],
  ],
  [
    "grants a directory's rights by their words",
    on(directory(0, 0, 0o700)),
    "execute",
    {},
    [`chmod +a "user:$(id -un 502) allow search" '/go/it'\\''s'`],
  ],
  [
    "grants what filling takes",
    on(directory(0, 0, 0o755)),
    "create",
    {},
    [`chmod +a "user:$(id -un 502) allow add_file,add_subdirectory,delete_child" '/go/it'\\''s'`],
  ],
  [
    "takes a user's flag away",
    on(file(502, 20, 0o644), { flags: ["uchg", "hidden"] }),
    "write",
    { by: "immutable" },
    ["chflags nouchg '/go/it'\\''s'"],
  ],
  [
    "takes the system's flags away as root",
    on(file(0, 0, 0o644), { flags: ["schg", "uappnd"] }),
    "write",
    { by: "immutable" },
    ["sudo chflags noschg,nouappnd '/go/it'\\''s'"],
  ],
  ["cannot take SIP away", on(file(0, 0, 0o644), { flags: ["restricted"] }), "write", { by: "restricted" }, []],
] as const)("%s", (_, entry, need, decision, expected) => {
  expect(commands(entry, need, decision as Partial<Decision>)).toEqual(expected);
});
