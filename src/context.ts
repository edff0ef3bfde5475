// What a command gets from the process that runs it: commands read no environment but this.

export interface Context {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The working directory, after -C. */
  readonly cwd: string;
  readonly version: string;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
}
