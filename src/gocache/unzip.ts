// How go extracts a module's zip (cmd/go/internal/modfetch/fetch.go: lockVersion, unzip).
import type { Kernel } from "../permission/kernel.ts";
import { Unknowable, Unseen } from "../permission/world.ts";
import type { ModuleVersion } from "./gomod.ts";
import { type ModulePaths, parentOf } from "./layout.ts";
import type { GoMachine } from "./machine.ts";
import type { Fetcher } from "./modfetch.ts";
import { goFails } from "./outcome.ts";
import { removeAll } from "./removal.ts";

/** Takes the lock of a module version: the open that most "permission denied" messages are about. */
export function lockVersion(kernel: Kernel, paths: ModulePaths): void {
  kernel.mkdirAll(paths.directory, 0o777);
  kernel.open(paths.lock, { read: true, write: true, create: true });
}

/** Extracts the zip in place, after removing what an earlier attempt has left. */
export function unzip(kernel: Kernel, machine: GoMachine, fetcher: Fetcher, module: ModuleVersion): void {
  const paths = fetcher.paths(module);
  lockVersion(kernel, paths);
  const state = fetcher.directoryState(paths);
  if (state === "complete") return;
  if (state === "partial") {
    removeAll(kernel, machine, paths.tree);
    kernel.assumeRemoved(paths.tree);
  }
  kernel.mkdirAll(parentOf(paths.tree), 0o777);
  kernel.open(paths.partial, { write: true, create: true });
  checkZip(kernel, machine, paths, module);
  kernel.mkdir(paths.tree, 0o777);
  if ((kernel.subject.umask & 0o700) !== 0) throw new Unknowable(paths.tree, "the umask takes rights from the owner");
  kernel.remove(paths.partial);
}

/** A zip that is on disk is extracted as it is: it must be readable and whole. */
function checkZip(kernel: Kernel, machine: GoMachine, paths: ModulePaths, module: ModuleVersion): void {
  kernel.open(paths.zip, { read: true });
  if (machine.look(paths.zip) === "absent") return;
  const entries = machine.zipEntries(paths.zip);
  if (entries instanceof Unseen) throw new Unknowable(paths.zip, entries.reason);
  if (entries.size > 0) return;
  throw goFails(paths.zip, "be a zip file", `${paths.zip} of ${module.path}@${module.version} is not a valid zip file`);
}
