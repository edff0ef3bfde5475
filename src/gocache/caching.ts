// clean, read and write: the operations on the cache as a whole.
import { Refused, Unknowable, Unseen } from "../permission/world.ts";
import type { Play } from "./play.ts";
import { removeAll } from "./removal.ts";

/** go clean -modcache. */
export function playClean(play: Play): void {
  const { kernel, machine, settings, ledger } = play;
  ledger.attempt("to remove the cache", () => {
    if (!settings.cache.startsWith("/")) throw new Unknowable(settings.cache, "GOMODCACHE is not absolute");
    try {
      kernel.lstat(settings.cache);
    } catch (error) {
      if (error instanceof Refused && error.errno === "ENOENT") return;
      throw error;
    }
    removeAll(kernel, machine, settings.cache);
  });
}

/** May every extracted module and every record of it be read? */
export function playRead(play: Play): void {
  const { kernel, machine, settings, ledger } = play;
  const queue = [settings.cache];
  for (let path = queue.pop(); path !== undefined; path = queue.pop()) {
    const at = path;
    ledger.attempt("to read the cache", () => {
      for (const name of kernel.readDirectory(at)) {
        const child = `${at}/${name}`;
        const entry = machine.look(child);
        if (entry instanceof Unseen) throw new Unknowable(child, entry.reason);
        if (entry === "absent") continue;
        if (entry.type === "directory") queue.push(child);
        // Locks are never read, and temporary files are nobody's business.
        else if (entry.type === "file" && !/\.(lock|tmp)$/.test(name)) kernel.open(child, { read: true });
      }
    });
    if (ledger.failures.length >= 20) return;
  }
}

/** May a module that nobody has fetched yet be added? */
export function playWrite(play: Play): void {
  const { kernel, fetcher, ledger } = play;
  ledger.attempt("to add a module", () => {
    fetcher.checkCache();
    const paths = fetcher.paths({ path: "gomodcache.invalid/new", version: "v1.0.0" });
    kernel.mkdirAll(paths.directory, 0o777);
    for (const file of [paths.lock, paths.zip, paths.ziphash, paths.partial])
      kernel.open(file, { read: true, write: true, create: true });
    kernel.mkdirAll(paths.tree, 0o777);
  });
}
