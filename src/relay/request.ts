// What a request of the GOPROXY protocol is for: go.dev/ref/mod#goproxy-protocol. PURE.
import type { ModuleAccessed } from "../audit/event.ts";
import { unescapePath } from "../gocache/escape.ts";

export type Asked = Pick<ModuleAccessed, "module" | "version" | "what">;

/**
 * Reads the path of a request.
 * @param path below the proxy's address, percent-encoded as it came, with a leading slash
 * @returns undefined for what the protocol does not know
 */
export function readRequest(path: string): Asked | undefined {
  let text: string;
  try {
    text = decodeURIComponent(path);
  } catch {
    return undefined;
  }
  const sum = /^\/sumdb\/([^/]+(?:\/[^/]+)*?)\/(supported|latest|lookup\/(.+)|tile\/.+)$/.exec(text);
  if (sum !== null) return sumdb(sum[1] as string, sum[3]);
  const [, escaped, file] = /^\/(.+)\/(@latest|@v\/[^/]+)$/.exec(text) ?? [];
  const module = unescapePath(escaped ?? "!");
  if (module === undefined || file === undefined) return undefined;
  if (file === "@latest") return { module, what: "latest" };
  if (file === "@v/list") return { module, what: "list" };
  const [, name, what] = /^@v\/(.+)\.(info|mod|zip)$/.exec(file) ?? [];
  const version = unescapePath(name ?? "!");
  return version === undefined ? undefined : { module, version, what: what as "info" | "mod" | "zip" };
}

function sumdb(database: string, looked: string | undefined): Asked {
  const [, escaped, name] = /^(.+)@([^@]+)$/.exec(looked ?? "") ?? [];
  const [module, version] = [unescapePath(escaped ?? "!"), unescapePath(name ?? "!")];
  if (module === undefined || version === undefined) return { module: database, what: "sumdb" };
  return { module, version, what: "sumdb" };
}
