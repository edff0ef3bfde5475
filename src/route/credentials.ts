// Which credentials go sends to an address: cmd/go/internal/web/http.go and cmd/go/internal/auth/auth.go.
import type { RouteSettings } from "./settings.ts";

export type Credentials =
  /** `user` of the address itself. */
  | { readonly from: "address"; readonly user: string }
  | { readonly from: "netrc"; readonly machine: string }
  /** A program or git says; what it says is not known here. */
  | { readonly from: "GOAUTH"; readonly command: string }
  | { readonly from: "unknown"; readonly reason: string }
  /** Go refuses to go on: it sends no password without https. */
  | { readonly from: "refused" }
  | { readonly from: "none"; readonly reason?: string };

/**
 * @param url of a proxy, or of the origin as `https://` and the module path
 * @returns what goes with a request below it
 */
export function credentialsFor(url: URL, { goauth, netrc }: RouteSettings): Credentials {
  if (url.protocol === "file:") return { from: "none" };
  const hasUser = url.username !== "" || url.password !== "";
  if (url.protocol === "http:") return hasUser ? { from: "refused" } : { from: "none", reason: "it is not https" };
  if (hasUser) return { from: "address", user: decodeURIComponent(url.username) };
  if (goauth.trim() === "off") return { from: "none", reason: "GOAUTH is off" };
  const commands = (goauth.trim() || "netrc").split(";").map((command) => command.trim());
  // The first command that has credentials for the address counts.
  for (const command of commands) {
    if (command !== "netrc") return { from: "GOAUTH", command };
    if (netrc === undefined) return { from: "unknown", reason: "the netrc file could not be read" };
    const machine = machineFor(url, netrc);
    if (machine !== undefined) return { from: "netrc", machine };
  }
  return { from: "none" };
}

/** A machine's name is the beginning of an address, up to a slash: `example.com`, also `example.com/team`. */
function machineFor({ host, pathname }: URL, netrc: ReadonlySet<string>): string | undefined {
  let prefix = `${host}${pathname}`.replace(/\/$/, "");
  for (;;) {
    if (netrc.has(prefix)) return prefix;
    const slash = prefix.lastIndexOf("/");
    if (slash < 0) return undefined;
    prefix = prefix.slice(0, slash);
  }
}
