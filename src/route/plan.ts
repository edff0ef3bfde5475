// The settings that keep private modules private, and public ones checked: `go help module-private`.
import { widePatterns } from "../rules/shared/pattern.ts";
import type { RouteSettings } from "./settings.ts";

export interface SettingChange {
  readonly name: string;
  /** undefined: back to go's default. */
  readonly value: string | undefined;
  readonly because: string;
}

export interface PlanWish {
  /** Patterns of the modules that nobody outside may hear of. */
  readonly patterns: readonly string[];
  /** A proxy inside that has the private modules too, if there is one. */
  readonly proxy?: string;
}

/** What has to change; nothing if the settings give that already. */
export function planSettings(settings: RouteSettings, { patterns, proxy }: PlanWish): SettingChange[] {
  const changes: SettingChange[] = [];
  const change = (name: string, now: string, value: string | undefined, because: string): void => {
    if (now !== (value ?? "")) changes.push({ name, value, because });
  };
  const wide = new Set([...widePatterns(settings.goprivate)]);
  const kept = listOf(settings.goprivate).filter((pattern) => !wide.has(pattern));
  const goprivate = [...new Set([...kept, ...patterns])].join(",");
  change("GOPRIVATE", settings.goprivate, goprivate, privateReason([...wide]));
  if (proxy === undefined) {
    if (settings.gonoproxy !== settings.goprivate)
      changes.push({ name: "GONOPROXY", value: undefined, because: "GOPRIVATE's patterns are then its default" });
  } else {
    change("GONOPROXY", settings.gonoproxy, "none", "the proxy inside is asked for private modules too");
    const others = settings.goproxy.split(/[,|]/).map((word) => word.trim());
    if (!others.includes(proxy)) {
      const value = `${proxy},${settings.goproxy}`;
      change(
        "GOPROXY",
        settings.goproxy,
        value,
        "with a comma: only what it answers with 404 or 410 is asked elsewhere",
      );
    }
  }
  if (settings.gonosumdb !== settings.goprivate)
    changes.push({ name: "GONOSUMDB", value: undefined, because: "GOPRIVATE's patterns are then its default" });
  if (settings.gosumdb === "off")
    changes.push({
      name: "GOSUMDB",
      value: undefined,
      because: "GOPRIVATE exempts private modules already; switched off it also leaves public ones unchecked",
    });
  const insecure = new Set(widePatterns(settings.goinsecure));
  const secure = listOf(settings.goinsecure).filter((pattern) => !insecure.has(pattern));
  if (insecure.size > 0)
    change("GOINSECURE", settings.goinsecure, secure.join(",") || undefined, "public hosts have certificates");
  return changes;
}

const listOf = (list: string): string[] =>
  list
    .split(",")
    .map((pattern) => pattern.trim())
    .filter((pattern) => pattern !== "");

function privateReason(wide: readonly string[]): string {
  const main = "no proxy and no checksum database hears of these modules";
  return wide.length === 0 ? main : `${main}; ${wide.map((one) => `"${one}"`).join(", ")} covered everybody's`;
}
