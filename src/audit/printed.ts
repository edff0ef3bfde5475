// What go itself prints about modules that it fetches: cmd/go/internal/modfetch (`go: downloading`), cmd/go/internal/web (`# get`, with -x).
import { readRequest } from "../relay/request.ts";
import type { ModuleAccessed } from "./event.ts";

export type Printed = Pick<ModuleAccessed, "module" | "version" | "what" | "source" | "duration" | "status">;

const longestLine = 8 * 1024;

/** Finds go's lines in a stream that comes in pieces. Memory is bounded by one line. */
export class PrintedReader {
  private rest = "";
  /** A line that was too long is passed over up to its end. */
  private skipping = false;
  readonly downloads: Printed[] = [];
  /** Requests that -x told of. */
  readonly requests: Printed[] = [];

  push(chunk: Buffer): void {
    const lines = (this.rest + chunk.toString("latin1")).split("\n");
    this.rest = lines.pop() ?? "";
    for (const line of lines) {
      if (!this.skipping) this.read(line);
      this.skipping = false;
    }
    if (this.rest.length > longestLine) {
      this.rest = "";
      this.skipping = true;
    }
  }

  private read(line: string): void {
    const [, module, version] = /^go: (?:downloading|extracting) (\S+) (v\S+)$/.exec(line) ?? [];
    if (module !== undefined && version !== undefined) {
      this.downloads.push({ module, version, what: "zip", source: "unknown", duration: 0 });
      return;
    }
    const [, address = "", status, seconds] =
      /^# get (https?:\/\/\S+): (\d{3}) .*\((\d+(?:\.\d+)?)s\)$/.exec(line) ?? [];
    if (status === undefined || !URL.canParse(address)) return;
    const url = new URL(address);
    const asked = locate(url.pathname);
    if (asked === undefined) return;
    this.requests.push({
      ...asked,
      source: url.origin,
      status: Number(status),
      duration: Math.round(Number(seconds) * 1000),
    });
  }
}

/** The proxy's address may have a path of its own: the module path begins at the first element with a dot, as go demands of it. */
function locate(path: string): ReturnType<typeof readRequest> {
  const parts = path.split("/");
  const first = parts.findIndex((part, index) => index > 0 && (part.includes(".") || part === "sumdb"));
  return first < 0 ? undefined : readRequest(`/${parts.slice(first).join("/")}`);
}
