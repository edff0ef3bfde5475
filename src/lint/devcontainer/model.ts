// A devcontainer.json: who works in the container, what is mounted, and the commands of its life.
import type { LintFile, Span } from "../file.ts";
import { aboutGo } from "../golang/about.ts";
import { readRun } from "../kubernetes/run.ts";
import { type Scripted, Unreadable } from "../model.ts";
import type { ShellCommand } from "../shell/command.ts";
import type { Field } from "../yaml/field.ts";
import { readDocuments } from "../yaml/read.ts";
import { readScript } from "../yaml/script.ts";
import { environmentIn, settingsIn } from "../yaml/settings.ts";
import { withoutComments } from "./jsonc.ts";

export interface DevMount extends Span {
  readonly type: "volume" | "bind";
  /** As it is written: the name of a volume, or a directory of the host with `${localEnv:HOME}`. */
  readonly source: string;
  /** Absolute, without a slash at the end. */
  readonly target: string;
}

export interface Devcontainer extends Scripted {
  /** The whole; undefined if it says nothing about go. */
  readonly field?: Field;
  /** Undefined if it is built, or composed. */
  readonly image?: string;
  /** Who the commands and the terminal are: `remoteUser`, else `containerUser`; undefined is what the image says. */
  readonly user?: Field;
  readonly updatesUid: boolean;
  readonly mounts: readonly DevMount[];
  /** `containerEnv` and `remoteEnv`; undefined is a value that is not written here. */
  readonly env: ReadonlyMap<string, string | undefined>;
  /** False if options for the container, or features, could change users and directories. */
  readonly plain: boolean;
}

/** In the order in which they run (containers.dev, "Lifecycle scripts"); initializeCommand runs on the host. */
const lifecycle = [
  "onCreateCommand",
  "updateContentCommand",
  "postCreateCommand",
  "postStartCommand",
  "postAttachCommand",
];

const mostMounts = 100;

const variables = /\$\{(?:localEnv|containerEnv|localWorkspaceFolder|containerWorkspaceFolder|devcontainerId)[^}$]*\}/g;

export function readDevcontainer(file: LintFile): Devcontainer | Unreadable {
  const nothing = { file, blocks: [], commands: [], mounts: [], env: new Map(), updatesUid: true, plain: false };
  if (!aboutGo.test(file.text)) return nothing;
  const text = withoutComments(file.text);
  const documents = readDocuments(text);
  if (documents instanceof Unreadable) return new Unreadable(documents.reason.replace("YAML", "JSON"));
  const [root] = documents;
  if (root === undefined) return nothing;
  const commands = lifecycle.flatMap((name) => commandsOf(root.get(name), text));
  const image = root.get("image")?.text();
  const built = ["build", "dockerFile", "dockerComposeFile"].some((name) => root.get(name) !== undefined);
  const user = root.get("remoteUser") ?? root.get("containerUser");
  const [container, remote] = [root.get("containerEnv"), root.get("remoteEnv")];
  const env = new Map([...environmentIn(container), ...environmentIn(remote)]);
  for (const [name, value] of env) if (value?.includes("$") === true) env.set(name, undefined);
  const args = (root.get("runArgs")?.items() ?? []).map((one) => one.text() ?? "");
  return {
    file,
    field: root,
    blocks: commands.map(({ start, end }) => ({ start, end })),
    commands,
    variables: [...settingsIn(container), ...settingsIn(remote)],
    ...(image === undefined || built ? {} : { image }),
    ...(user === undefined ? {} : { user }),
    updatesUid: root.get("updateRemoteUserUID")?.boolean() !== false,
    mounts: (root.get("mounts")?.items() ?? []).slice(0, mostMounts).flatMap(mountOf),
    env,
    plain: !args.some((one) => /^(-u|-v|--user|--volume|--mount|--userns|--entrypoint)(=|$)/.test(one)),
  };
}

/** A text for a shell, a list of words, or several of them by name, which run side by side. */
function commandsOf(field: Field | undefined, text: string): readonly ShellCommand[] {
  if (field === undefined) return [];
  if (field.items().length > 0) return readRun(field, undefined, text, { expressions: variables }).commands;
  const script = readScript(field, text, { expressions: variables });
  if (script !== undefined) return script.commands;
  return [...field.entries().values()].flatMap((one) =>
    one.items().length > 0
      ? readRun(one, undefined, text, { expressions: variables }).commands
      : (readScript(one, text, { expressions: variables })?.commands ?? []),
  );
}

/** `source=…,target=…,type=volume` as for docker --mount, or a map of the same. */
function mountOf(field: Field): DevMount[] {
  const options = new Map<string, string>();
  const text = field.text();
  for (const part of text?.split(",") ?? []) {
    const equals = part.indexOf("=");
    options.set(equals < 0 ? part.trim() : part.slice(0, equals).trim(), equals < 0 ? "" : part.slice(equals + 1));
  }
  if (text === undefined) for (const [name, one] of field.entries()) options.set(name, one.text() ?? "");
  const type = options.get("type") ?? "volume";
  const source = options.get("source") ?? options.get("src") ?? "";
  const target = options.get("target") ?? options.get("dst") ?? options.get("destination") ?? "";
  if ((type !== "volume" && type !== "bind") || !target.startsWith("/") || target.includes("$")) return [];
  if (options.has("readonly") || options.has("ro")) return [];
  return [{ type, source, target: target.replace(/\/+$/, "") || "/", start: field.start, end: field.end }];
}
