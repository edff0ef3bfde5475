// go.sum as a judge: modfetch.HaveSum, checkModSum, checkGoMod (cmd/go/internal/modfetch/fetch.go).
import { goModHash } from "./dirhash.ts";
import type { ModuleVersion } from "./gomod.ts";
import type { GoMachine } from "./machine.ts";
import { GoExit, goFails, type Ledger } from "./outcome.ts";

export class Sums {
  /** @param sums the lines of go.sum, or undefined when there is no main module and so no go.sum */
  constructor(
    private readonly sums: ReadonlyMap<string, readonly string[]> | undefined,
    private readonly machine: GoMachine,
    private readonly ledger: Ledger,
    /** True under -mod=readonly: what go.sum lacks may not be added. */
    private readonly readonly: boolean,
  ) {}

  /** Whether the module may be fetched at all: go refuses one whose sum it would have to add. */
  mustHave(module: ModuleVersion, what: "module" | "go.mod"): void {
    if (this.mayFetch(module, what)) return;
    const file = what === "go.mod" ? "go.mod file of " : "";
    throw goFails("go.sum", "be listed", `missing go.sum entry for ${file}${module.path}@${module.version}`);
  }

  /** False if go.sum would have to be changed for it, and may not be. */
  mayFetch(module: ModuleVersion, what: "module" | "go.mod"): boolean {
    if (!this.readonly || this.sums === undefined) return true;
    return (this.sums.get(keyOf(module, what)) ?? []).some((sum) => sum.startsWith("h1:"));
  }

  checkModule(module: ModuleVersion, sum: string): void {
    this.check(module, "module", sum);
  }

  checkGoMod(module: ModuleVersion, text: string): void {
    const sum = goModHash(hex(this.machine.sha256(text)), (line) => this.machine.sha256(line));
    this.check(module, "go.mod", sum);
  }

  private check(module: ModuleVersion, what: "module" | "go.mod", sum: string): void {
    if (this.sums === undefined) return;
    const known = this.sums.get(keyOf(module, what)) ?? [];
    if (known.includes(sum)) return;
    if (known.some((other) => other.startsWith("h1:"))) {
      throw new GoExit({
        path: "go.sum",
        need: "match",
        message: `checksum mismatch: ${module.path}@${module.version}${what === "go.mod" ? "/go.mod" : ""} in the cache has ${sum}, go.sum says ${known.join(" ")}`,
      });
    }
    this.ledger.warn(`go.sum does not list ${module.path}@${module.version}: go may ask the checksum database`);
  }
}

function keyOf({ path, version }: ModuleVersion, what: "module" | "go.mod"): string {
  return `${path} ${version}${what === "go.mod" ? "/go.mod" : ""}`;
}

function hex(base64: string): string {
  let text = "";
  for (const character of atob(base64)) text += character.charCodeAt(0).toString(16).padStart(2, "0");
  return text;
}
