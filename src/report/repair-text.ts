// What `init`, `fix` and `undo` are about to do, and what came of it, for people.
import type { Contract } from "../contract/contract.ts";
import {
  type Applied,
  type ClosedDirectory,
  count,
  countRepairs,
  type Plan,
  type RefusalReason,
  type Repairs,
} from "../fix/plan.ts";
import { formerOwners, groupsOf, type PlanGroup, type RefusedGroup, refusedGroups } from "../fix/summary.ts";
import { octal } from "../permission/entry.ts";
import { plural } from "../rules/shared/say.ts";
import { hanging, pad } from "./layout.ts";
import type { RenderOptions } from "./options.ts";
import { paint } from "./paint.ts";
import { printable } from "./safe.ts";
import { thousands } from "./verdict.ts";

/** Names of users and groups, where there are any. */
export interface Names {
  readonly userNames: ReadonlyMap<number, string>;
  readonly groupNames: ReadonlyMap<number, string>;
}

type Options = Pick<RenderOptions, "version" | "width" | "colour" | "unicode" | "verbose">;

const indent = "  ";
const mostGroups = 10;

/** `group: alice:devs, umask 002, default ACLs`. */
export function contractWords(contract: Contract, names: Names): string {
  const { name, uid, gid, umask } = contract;
  const { defaultAcl, darwin } = contract;
  const inherited = defaultAcl === undefined ? ", setgid" : ", setgid and default ACLs";
  const onDarwin = darwin?.shares === undefined ? "" : ", ACLs that are inherited";
  const acls = name !== "group" ? "" : darwin === undefined ? inherited : onDarwin;
  return `contract ${name}, owner ${ownerWords(uid, gid, names)}, umask ${octal(umask)}${acls}`;
}

function ownerWords(uid: number, gid: number, { userNames, groupNames }: Names): string {
  return printable(`${userNames.get(uid) ?? uid}:${groupNames.get(gid) ?? gid}`);
}

/** The plan, grouped, and what is left alone. Ends in a newline. */
export function planText(plan: Plan, names: Names, options: Options): string {
  const { bold } = paint(options.colour);
  const [first = "", ...rest] = hanging(
    `gomodcache ${options.version}  ${printable(plan.root)}  `,
    `(${contractWords(plan.contract, names)})`,
    options.width,
    4,
  );
  const blocks = [
    [first.replace(printable(plan.root), (path) => bold(path)), ...rest],
    groupLines(groupsOf(plan), names, options),
    contentLines(plan, options),
    beyondLines(plan, options),
    ...plan.closed.map((directory) => closedLines(directory, plan, names, options)),
    ...refusedGroups(plan.refused).map((group) => refusedLines(group, plan.contract, options)),
    plan.staying.flatMap((reason) =>
      hanging(`${indent}left alone: `, printable(reason), options.width, indent.length + 2),
    ),
    plan.unseen.flatMap((reason) => hanging(`${indent}not seen  `, printable(reason), options.width, 12)),
  ];
  return `${blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n")}\n`;
}

function groupLines(groups: readonly PlanGroup[], names: Names, options: Options): string[] {
  const { dim } = paint(options.colour);
  const arrow = options.unicode ? "→" : "->";
  const shown = options.verbose ? groups : groups.slice(0, mostGroups);
  const rows = shown.map(({ count: number, isDirectory, from, to, acl, example }) => ({
    count: plural(number, isDirectory ? "directory" : "file", isDirectory ? "directories" : "files"),
    change: `${ownerWords(from.uid, from.gid, names)} ${octal(from.mode)} ${arrow} ${ownerWords(to.uid, to.gid, names)} ${octal(to.mode)}${acl === "" ? "" : `, ${acl}`}`,
    example: printable(example),
  }));
  const width = Math.max(0, ...rows.map((row) => row.count.length));
  const lines = rows.flatMap((row) => {
    const line = `${indent}${pad(row.count, width)}  ${row.change}`;
    const whole = `${line}  ${row.example}`;
    return whole.length <= options.width
      ? [`${line}  ${dim(row.example)}`]
      : [line, dim(`${" ".repeat(width + 4)}${row.example}`)];
  });
  const more = groups.slice(shown.length);
  if (more.length === 0) return lines;
  const entries = more.reduce((sum, group) => sum + group.count, 0);
  return [
    ...lines,
    `${indent}and ${plural(entries, "entry", "entries")} of ${plural(more.length, "other kind")} (--verbose lists them)`,
  ];
}

/** Contents to be removed, by the rule that tells about them. */
function contentLines(plan: Plan, options: Options): string[] {
  const byRule = new Map<string, string[]>();
  for (const { rule, removals } of plan.contents) {
    const paths = byRule.get(rule) ?? [];
    for (const { names, removal } of removals) paths.push([...names, removal.name].join("/"));
    byRule.set(rule, paths);
  }
  return [...byRule].flatMap(([rule, paths]) => {
    const shown = options.verbose ? paths : paths.slice(0, 3);
    const more = paths.length - shown.length;
    return [
      `${indent}remove ${thousands(paths.length)}, for go to make anew: ${rule}`,
      ...shown.map((path) => `${indent}  ${printable(path)}`),
      ...(more > 0 ? [`${indent}  and ${thousands(more)} more`] : []),
    ];
  });
}

function beyondLines(plan: Plan, options: Options): string[] {
  const number = count(plan.beyond);
  if (number === 0) return [];
  const first = plan.beyond[0];
  const example = [plan.root, ...(first?.names ?? []), first?.changes[0]?.name ?? ""]
    .filter((name) => name !== "")
    .join("/");
  const text = `${plural(number, "entry", "entries")} that this user may not change, such as ${printable(example)}: an administrator must, with the command below`;
  return hanging(indent, text, options.width, indent.length);
}

function closedLines(closed: ClosedDirectory, { contract }: Plan, names: Names, options: Options): string[] {
  const { path, uid, gid, mode, because, commands } = closed;
  const owner = names.userNames.get(contract.uid) ?? contract.uid;
  const text = `${owner} cannot get to the cache by this path: ${path} is ${ownerWords(uid, gid, names)} ${mode}, ${because}`;
  return [
    ...hanging(indent, printable(text), options.width, indent.length + 2),
    ...commands.map((command, at) => `${indent}  ${at === 0 ? "fix" : "or "}  ${printable(command)}`),
  ];
}

const refusals: ReadonlyMap<RefusalReason, (one: RefusedGroup, contract: Contract) => string> = new Map([
  [
    "foreign-owner",
    ({ uids }: RefusedGroup) =>
      `belong to ${uids.length === 1 ? "user" : "users"} ${uids.slice(0, 5).join(", ")}, whom nothing is taken from unless you say so: --from ${uids.slice(0, 5).join(",")}`,
  ],
  [
    "hard-link",
    () => "have other names, perhaps outside the cache: --allow-hardlinks takes those whose names are all in it",
  ],
  [
    "linkable",
    () =>
      "belong to root in directories that others can write, where this kernel lets them put links to any file of root's: sysctl fs.protected_hardlinks=1 stops that, then --trust-tree if nobody did so before",
  ],
  [
    "set-id",
    () => "run with the rights of their owner (setuid or setgid), as nothing in a module cache should: delete them",
  ],
  ["special-file", () => "are devices, pipes or sockets, which Go never makes: delete them"],
  ["symlink", () => "are symbolic links, which Go never makes: delete them"],
  [
    "half-extracted",
    () =>
      "belong to modules that go is extracting, or was when it was killed (.partial): the next go extracts them again",
  ],
  ["unmapped-owner", () => "belong to users whom this user namespace does not have: run it outside of the container"],
]);

function refusedLines(group: RefusedGroup, contract: Contract, options: Options): string[] {
  const why = refusals.get(group.reason)?.(group, contract) ?? group.reason;
  const text = `left alone: ${thousands(group.count)} that ${why}`;
  const lines = hanging(indent, text, options.width, indent.length + 2);
  const more = group.count - group.examples.length;
  return [
    ...lines,
    ...group.examples.map((path) => `${indent}  ${printable(path)}`),
    ...(more > 0 ? [`${indent}  and ${thousands(more)} more`] : []),
  ];
}

/** What came of it: troubles, what to run next, and a last line that can be read alone. */
export function appliedText(
  plan: Repairs,
  applied: Applied,
  options: Options & { verb: string; givesBack?: boolean },
): string {
  const lines: string[] = [];
  const shown = options.verbose ? applied.troubles : applied.troubles.slice(0, 5);
  for (const { path, status, reason } of shown)
    lines.push(...hanging(`${indent}${status}  `, `${printable(path)}: ${printable(reason)}`, options.width, 11));
  const more = applied.skipped + applied.failed - shown.length;
  if (more > 0) lines.push(`${indent}and ${thousands(more)} more`);
  const former = options.givesBack === true ? [] : formerOwners(plan);
  if (former.length > 0 && applied.changed > 0) {
    const text = `what user ${former.slice(0, 5).join(", ")} had, they could have changed, and its content was not verified: gomodcache verify --cache-dir ${plan.root} does`;
    lines.push(...hanging(indent, text, options.width, indent.length));
  }
  const undo = applied.id === undefined ? "" : `. Undo: gomodcache undo ${applied.id}`;
  const total = countRepairs(plan);
  const removed = applied.removed > 0 ? `, removed ${thousands(applied.removed)} broken` : "";
  lines.push(`${options.verb} ${thousands(applied.changed)} of ${plural(total, "entry", "entries")}${removed}${undo}`);
  return `${lines.join("\n")}\n`;
}
