// A compose file as its services: who they are, what they run and mount. A service is told as a container of one pod, so that what
// is known of volumes and handing over is known here too.
import { knownImage } from "../dockerfile/images.ts";
import type { LintFile, Span } from "../file.ts";
import { aboutGo } from "../golang/about.ts";
import type { Container, Mount, Setting } from "../kubernetes/container.ts";
import type { Pod, Volume } from "../kubernetes/model.ts";
import { type Run, readRun } from "../kubernetes/run.ts";
import { type Scripted, Unreadable } from "../model.ts";
import type { Field } from "../yaml/field.ts";
import { oncePerPlace, readDocuments } from "../yaml/read.ts";
import { readScript } from "../yaml/script.ts";
import { environmentIn, settingsIn } from "../yaml/settings.ts";
import { mountsOf, type ServiceMount } from "./mount.ts";

export interface Service {
  readonly container: Container;
  readonly field: Field;
  readonly user?: Field;
  /** The image, unless it is built here: then nobody knows what is in it. */
  readonly image?: string;
  readonly mounts: readonly ServiceMount[];
}

export interface ComposeFile extends Scripted {
  readonly services: readonly Service[];
  /** The services with their volumes. Those of the file are `volume`, those of others `external`, the host's directories `bind`. */
  readonly pod?: Pod;
}

/** Rules compare each with each. */
const mostServices = 200;

export function readCompose(file: LintFile): ComposeFile | Unreadable {
  const { text } = file;
  if (!aboutGo.test(text)) return { file, blocks: [], commands: [], services: [] };
  const documents = readDocuments(text);
  if (documents instanceof Unreadable) return documents;
  const [root] = documents;
  const named = root?.get("services")?.entries();
  if (root === undefined || named === undefined) return { file, blocks: [], commands: [], services: [] };
  if (named.size > mostServices) return new Unreadable(`it has more than ${mostServices} services`);
  const services = [...named].map(([name, field]) => serviceOf(name, field, text));
  const volumes = new Map<string, Volume>();
  for (const { mounts } of services)
    for (const { volume, kind, start, end } of mounts) volumes.set(volume, { name: volume, kind, start, end });
  for (const [name, field] of root.get("volumes")?.entries() ?? []) {
    const plain = field.get("external") === undefined && field.get("driver") === undefined;
    const { start, end } = field.key ?? field;
    const kind = plain && field.get("driver_opts") === undefined ? "volume" : "external";
    if (volumes.has(name)) volumes.set(name, { name, kind, start, end });
  }
  const containers = services.map(({ container }) => container);
  const commands = oncePerPlace(containers.flatMap((one) => one.commands));
  return {
    file,
    blocks: commands.map(({ start, end }) => ({ start, end })),
    commands,
    variables: oncePerPlace(containers.flatMap((one) => one.variables)),
    services,
    pod: { field: root, containers, volumes },
  };
}

function serviceOf(name: string, field: Field, text: string): Service {
  const user = field.get("user");
  const built = field.get("build") !== undefined || field.get("extends") !== undefined;
  const reference = field.get("image")?.text();
  const image = built || reference === undefined || reference.includes("$") ? undefined : reference;
  const { commands, script } = runOf(field, text);
  const uid = uidOf(user, field, image);
  const mounts = mountsOf(field.get("volumes"));
  const environment = field.get("environment");
  const variables = settingsIn(environment).filter(({ value }) => !value.includes("$"));
  const env = environmentIn(environment);
  for (const [key, value] of env) if (value?.includes("$") === true) env.set(key, undefined);
  const container: Container = {
    role: "main",
    name,
    field,
    at: spanOf(field.key ?? field),
    // What knows of images reads the field: what is built here is known by no name.
    ...(image === undefined ? {} : { image: field.get("image") as Field }),
    ...(uid === undefined ? {} : { uid }),
    ...(script === undefined ? {} : { script }),
    privileged: field.get("privileged")?.boolean() === true,
    env,
    variables,
    openEnv: field.get("env_file") !== undefined || field.get("extends") !== undefined,
    mounts: mounts.map(
      ({ volume, path, readOnly, start, end }): Mount => ({
        volume,
        path,
        readOnly,
        subPath: "",
        start,
        end,
      }),
    ),
    commands,
  };
  return {
    container,
    field,
    mounts,
    ...(user === undefined ? {} : { user }),
    ...(image === undefined ? {} : { image }),
  };
}

/** A number, or root by name; without `user`, what is known of the image. */
function uidOf(user: Field | undefined, service: Field, image: string | undefined): Setting<number> | undefined {
  if (user === undefined) {
    const root = knownImage(image ?? "")?.user === "root";
    return root ? { value: 0, field: service, level: "pod" } : undefined;
  }
  const name = (user.text() ?? "").split(":")[0] as string;
  const value = name === "root" ? 0 : /^\d{1,10}$/.test(name) ? Number(name) : undefined;
  return value === undefined ? undefined : { value, field: user, level: "container" };
}

/** `entrypoint` and `command`: lists as they are, texts as words. Compose takes `$$` for a dollar sign, and `$NAME` for its own. */
function runOf(service: Field, text: string): Run {
  const [entrypoint, command] = [service.get("entrypoint"), service.get("command")];
  const becomes = (value: string): string => value.replace(/\$\$/g, "$");
  const lists = [entrypoint, command].every((one) => one === undefined || one.text() === undefined);
  if (lists) return readRun(entrypoint, command, text, { becomes });
  const texts = [entrypoint, command].map((one) => readScript(one, text, { becomes }));
  // What a list adds to a text as its arguments is left out: nothing is guessed.
  return texts[0] ?? (entrypoint === undefined ? texts[1] : undefined) ?? { commands: [] };
}

const spanOf = ({ start, end }: Span): Span => ({ start, end });
