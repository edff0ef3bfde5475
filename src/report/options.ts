// What a caller may choose about a report's appearance. No format reads the machine: the terminal's width and the like come in here.

/** All that a format may be told; each takes what it needs of it. */
export interface RenderOptions {
  /** Ours, for the header and for documents. */
  readonly version: string;
  /** Columns of the terminal. */
  readonly width: number;
  readonly colour: boolean;
  /** False where the locale is not UTF-8: then our own symbols are ASCII. */
  readonly unicode: boolean;
  /** All paths that the report holds, not only the first few. */
  readonly verbose: boolean;
  /** Only the errors' first lines and the verdict. */
  readonly quiet: boolean;
  /** The rules that looked and found nothing, by name, for the formats that list them. */
  readonly passedRules?: readonly string[];
  /** The absolute URL that `docs/rules/<rule>.md` is relative to, for the formats that need links. */
  readonly docsBase?: string;
}
