// What a command gets from the process that runs it: nothing else in commands/ reads the environment.

export interface Context {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The working directory, after -C. */
  readonly cwd: string;
  readonly version: string;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
}
