// Where go would fetch from: GOPROXY's list, of which file:// can be looked at, and the rest is the network.
import type { Kernel } from "../permission/kernel.ts";
import { Refused, Unknowable, Unseen } from "../permission/world.ts";
import { escapePath } from "./escape.ts";
import type { ModuleVersion } from "./gomod.ts";
import type { GoMachine, GoSettings } from "./machine.ts";
import { goFails, type Ledger } from "./outcome.ts";
import { matchesPrefix } from "./pattern.ts";
import { isPseudoVersion } from "./version.ts";

export class Upstream {
  constructor(
    private readonly kernel: Kernel,
    private readonly machine: GoMachine,
    private readonly settings: GoSettings,
    private readonly ledger: Ledger,
  ) {}

  /** Fails unless some source may have the file. Sources on the network are taken to have it, and the answer says so. */
  require(module: ModuleVersion, suffix: "info" | "mod" | "zip"): void {
    this.find(module, suffix);
  }

  /**
   * Fails unless some source may have the list of the module's versions.
   * @returns the releases and pre-releases on it, or undefined if it would come over the network
   */
  versions(module: string): string[] | undefined {
    const path = this.find({ path: module, version: "list" }, "");
    if (path === undefined) return undefined;
    const text = this.machine.text(path);
    if (text instanceof Unseen) throw new Unknowable(path, text.reason);
    const words = (text ?? "").split("\n").map((line) => line.trim().split(/\s+/)[0] as string);
    return words.filter((word) => /^v\d+\.\d+\.\d+/.test(word) && !isPseudoVersion(word));
  }

  /** The text of go.mod if it can be known without the network. */
  goMod(module: ModuleVersion): string | undefined {
    const path = this.find(module, "mod");
    if (path === undefined) return this.unfetched(module);
    const text = this.machine.text(path);
    return text instanceof Unseen ? undefined : text;
  }

  /** The zip that go would extract, if it can be seen without the network: the cache's own, or that of a file:// proxy. */
  zip(module: ModuleVersion, cached: string): string | undefined {
    const entry = this.machine.look(cached);
    if (entry !== "absent" && !(entry instanceof Unseen)) return cached;
    return this.find(module, "zip");
  }

  /** What the cache holds, though the subject may not read it, is what the proxy would send: modules never change. */
  private unfetched(module: ModuleVersion): string | undefined {
    const file = `${this.settings.cache}/cache/download/${escapePath(module.path)}/@v/${escapePath(module.version)}.mod`;
    const text = this.machine.text(file);
    return text instanceof Unseen || text === "" ? undefined : text;
  }

  /** @returns the path in a file:// proxy, or undefined if it would come over the network */
  private find(module: ModuleVersion, suffix: string): string | undefined {
    const { goproxy, noProxy } = this.settings;
    const where = `${module.path}@${module.version}`;
    const direct = matchesPrefix(noProxy, module.path);
    for (const { source, fallsThrough } of direct ? [{ source: "direct", fallsThrough: "|" }] : splitProxies(goproxy)) {
      if (source === "off") throw goFails(where, "be fetched", `${where}: module lookup disabled by GOPROXY=off`);
      if (!source.startsWith("file://")) {
        const from = source === "direct" ? "its repository" : "GOPROXY";
        this.ledger.warn(`the answer takes for granted that ${from} can be reached for ${where}`);
        return undefined;
      }
      const path = `${source.slice("file://".length).replace(/\/$/, "")}/${escapePath(module.path)}/@v/${escapePath(module.version)}${suffix === "" ? "" : `.${suffix}`}`;
      try {
        this.kernel.open(path, { read: true });
        return path;
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
        // "," goes on only if the file is not there; "|" after any error.
        if (error.errno !== "ENOENT" && fallsThrough !== "|") throw error;
      }
    }
    throw goFails(where, "be fetched", `${where} is not in any of GOPROXY's sources`);
  }
}

function splitProxies(goproxy: string): { source: string; fallsThrough: string }[] {
  const found = [...goproxy.matchAll(/([^,|]*)([,|]?)/g)].map(([, source = "", fallsThrough = ""]) => ({
    source: source.trim(),
    fallsThrough,
  }));
  const named = found.filter(({ source }) => source !== "");
  // Without GOPROXY go has a public proxy and then the repositories.
  return named.length > 0 ? named : [{ source: "https", fallsThrough: "," }];
}
