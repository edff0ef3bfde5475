// What a command prints, for the reader of causes: which is only made when there is something to explain, since its tables take longer to
// build than a short command runs.
import type { Classification } from "../causes/cause.ts";
import type { KnownPlaces } from "../causes/place.ts";
import type { LogReader } from "../causes/reader.ts";

/** Bytes that are kept; from then on the reader has what comes. */
const longestKept = 1024 * 1024;

export class Log {
  private kept: Buffer[] = [];
  private size = 0;
  private reader: LogReader | undefined;
  private loading: Promise<LogReader> | undefined;

  /** @param places where this machine has its caches, which go's words do not tell */
  constructor(private readonly places: KnownPlaces = {}) {}

  push(chunk: Buffer): void {
    if (this.reader !== undefined) {
      this.reader.push(chunk);
      return;
    }
    this.kept.push(chunk);
    this.size += chunk.length;
    if (this.size > longestKept) void this.load();
  }

  /** The causes of a failure; none is looked for if the command succeeded. */
  async end({ exitCode }: { exitCode?: number }): Promise<Classification> {
    if (exitCode === 0) return { causes: [], none: { subcategory: "success" }, lines: 0 };
    const reader = await this.load();
    return reader.end(exitCode === undefined ? {} : { exitCode });
  }

  private load(): Promise<LogReader> {
    this.loading ??= import("../causes/reader.ts").then((module) => {
      const reader = new module.LogReader({ places: this.places });
      for (const chunk of this.kept) reader.push(chunk);
      this.kept = [];
      this.reader = reader;
      return reader;
    });
    return this.loading;
  }
}
