// cmd/go/internal/modfetch, played: how go gets a module's .info, .mod, .zip and extracted directory (cache.go, fetch.go).
import type { Kernel } from "../permission/kernel.ts";
import { Refused, Unknowable, Unseen } from "../permission/world.ts";
import type { ModuleVersion } from "./gomod.ts";
import { type ModulePaths, modulePaths, parentOf } from "./layout.ts";
import type { GoMachine, GoSettings } from "./machine.ts";
import { bestEffort, GoFailure, goFails, type Ledger, reasonOf } from "./outcome.ts";
import type { Sums } from "./sums.ts";
import { lockVersion, unzip } from "./unzip.ts";
import type { Upstream } from "./upstream.ts";

/** What DownloadDir finds: the directory is complete, is not there, or is there but not complete. */
type DirectoryState = "complete" | "missing" | "partial";

/** What go will find in a module directory: what is there, or what it will extract. */
export type TreeSource = "disk" | "fresh";

export class Fetcher {
  private readonly downloaded = new Map<string, TreeSource>();
  /** The ziphash files that go has written in this run. */
  private readonly written = new Set<string>();
  private cacheChecked = false;

  constructor(
    private readonly kernel: Kernel,
    private readonly machine: GoMachine,
    private readonly settings: GoSettings,
    private readonly sums: Sums,
    private readonly upstream: Upstream,
    private readonly ledger: Ledger,
  ) {}

  /** checkCacheDir: makes GOMODCACHE if it is missing. */
  checkCache(): void {
    const { cache } = this.settings;
    if (cache === "") throw goFails("", "be set", "module cache not found: neither GOMODCACHE nor GOPATH is set");
    if (!cache.startsWith("/"))
      throw goFails(cache, "be absolute", `GOMODCACHE entry is relative; must be absolute path: "${cache}"`);
    if (this.cacheChecked) return;
    try {
      const entry = this.kernel.stat(cache);
      if (entry.type !== "directory")
        throw goFails(cache, "be a directory", `could not create module cache: "${cache}" is not a directory`);
    } catch (error) {
      if (!(error instanceof Refused) || error.errno !== "ENOENT") throw error;
      this.kernel.mkdirAll(cache, 0o777);
    }
    this.cacheChecked = true;
  }

  /** cachingRepo.GoMod. @returns the text of the module's go.mod */
  goMod(module: ModuleVersion): string {
    const { mod } = this.paths(module);
    const cached = this.readCached(mod);
    if (cached !== undefined) {
      this.sums.checkGoMod(module, cached);
      return cached;
    }
    const text = this.upstream.goMod(module);
    if (text !== undefined) this.sums.checkGoMod(module, text);
    if (!bestEffort(() => this.writeCached(mod)))
      this.ledger.warn(`go fetches ${name(module)}'s go.mod again each time: it cannot write ${mod}`);
    if (text === undefined) throw new Unknowable(mod, "its text would come from the proxy");
    return text;
  }

  /** cachingRepo.Stat: the .info file. */
  info(module: ModuleVersion): void {
    const { info } = this.paths(module);
    const cached = this.readCached(info);
    if (cached !== undefined && isJson(cached)) return;
    this.upstream.require(module, "info");
    if (!bestEffort(() => this.writeCached(info)))
      this.ledger.warn(`go fetches ${name(module)}'s .info again each time: it cannot write ${info}`);
  }

  /** Fetcher.Download: the extracted directory, fetched and extracted if need be, and compared with go.sum. */
  download(module: ModuleVersion): TreeSource {
    const key = name(module);
    const known = this.downloaded.get(key);
    if (known !== undefined) return known;
    this.checkCache();
    const paths = this.paths(module);
    const state = this.directoryState(paths);
    if (state !== "complete") {
      this.downloadZip(module);
      unzip(this.kernel, this.machine, this, module);
    }
    this.checkModule(module, paths);
    if (state === "complete" && this.settings.goMinor >= 21) this.readTreeGoMod(paths);
    const source = state === "complete" ? "disk" : "fresh";
    this.downloaded.set(key, source);
    return source;
  }

  /** Fetcher.DownloadZip: the zip and its hash. */
  downloadZip(module: ModuleVersion): void {
    const paths = this.paths(module);
    const zip = this.exists(paths.zip);
    const ziphash = this.exists(paths.ziphash);
    if (zip && ziphash) return;
    lockVersion(this.kernel, paths);
    if (zip) {
      this.hashZip(module, paths);
      return;
    }
    const temporary = `${paths.zip}0.tmp`;
    this.kernel.open(temporary, { read: true, write: true, create: true, exclusive: true });
    this.upstream.require(module, "zip");
    this.kernel.open(paths.ziphash, { read: true, write: true, create: true });
    this.written.add(paths.ziphash);
    this.kernel.rename(temporary, paths.zip);
  }

  /** DownloadDir. */
  directoryState({ tree, partial, ziphash }: ModulePaths): DirectoryState {
    try {
      if (this.kernel.stat(tree).type !== "directory") return "partial";
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      return error.errno === "ENOENT" ? "missing" : "partial";
    }
    if (this.mustStat(partial)) return "partial";
    return this.mustStat(ziphash) ? "complete" : "partial";
  }

  paths(module: ModuleVersion): ModulePaths {
    return modulePaths(this.settings.cache, module);
  }

  /** True, false for ENOENT; any other error is go's to report. */
  mustStat(path: string): boolean {
    try {
      this.kernel.stat(path);
      return true;
    } catch (error) {
      if (error instanceof Refused && error.errno === "ENOENT") return false;
      throw error;
    }
  }

  /** os.Stat(…) == nil */
  exists(path: string): boolean {
    try {
      this.kernel.stat(path);
      return true;
    } catch (error) {
      if (error instanceof Refused) return false;
      throw error;
    }
  }

  /** checkMod: reads the ziphash, or makes it anew from the zip if a crash has torn it, and compares it with go.sum. */
  private checkModule(module: ModuleVersion, paths: ModulePaths): void {
    try {
      this.kernel.open(paths.ziphash, { read: true });
    } catch (error) {
      if (error instanceof Refused) throw new GoFailure(reasonOf(error, `to verify ${name(module)}`));
      throw error;
    }
    // A ziphash that go has just written is right by construction.
    if (this.written.has(paths.ziphash)) return;
    const text = this.content(paths.ziphash).trim();
    if (isValidSum(text)) this.sums.checkModule(module, text);
    else this.hashZip(module, paths);
  }

  /** hashZip: reads the whole zip, compares, and writes the ziphash in place. */
  private hashZip(module: ModuleVersion, paths: ModulePaths): void {
    this.kernel.open(paths.zip, { read: true });
    const sum = this.machine.zipSum(paths.zip);
    if (sum instanceof Unseen) throw new Unknowable(paths.zip, sum.reason);
    if (sum === undefined) throw goFails(paths.zip, "be a zip file", `${paths.zip} is not a valid zip file`);
    this.sums.checkModule(module, sum);
    this.kernel.open(paths.ziphash, { read: true, write: true, create: true });
    this.written.add(paths.ziphash);
  }

  private readTreeGoMod(paths: ModulePaths): void {
    try {
      this.kernel.open(`${paths.tree}/go.mod`, { read: true });
    } catch (error) {
      if (error instanceof Refused && error.errno === "ENOENT") return;
      throw error;
    }
  }

  /** readDiskCache: any error means "not cached". */
  private readCached(path: string): string | undefined {
    try {
      this.checkCache();
      this.kernel.open(path, { read: true });
    } catch (error) {
      if (error instanceof Unknowable) throw error;
      return undefined;
    }
    // A file that go has just written is not on the disk that we look at.
    return this.machine.look(path) === "absent" ? undefined : this.content(path);
  }

  /** writeDiskCache: a temporary file, renamed. */
  private writeCached(path: string): void {
    this.checkCache();
    this.kernel.mkdirAll(parentOf(path), 0o777);
    const temporary = `${path}0.tmp`;
    this.kernel.open(temporary, { read: true, write: true, create: true, exclusive: true });
    this.kernel.rename(temporary, path);
  }

  private content(path: string): string {
    const text = this.machine.text(path);
    if (text instanceof Unseen) throw new Unknowable(path, text.reason);
    if (text === undefined) throw new Unknowable(path, "it vanished while it was looked at");
    return text;
  }
}

/** Whether a ziphash is whole: the length of a hash, and no NUL from a write that a crash cut off (isValidSum). */
export function isValidSum(text: string): boolean {
  return text.length === 47 && !text.includes("\0");
}

/** `example.com/m@v1.0.0` */
export function name({ path, version }: ModuleVersion): string {
  return `${path}@${version}`;
}

function isJson(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}
