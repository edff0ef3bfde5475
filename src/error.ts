// Errors that the user can act on. Everything else that is thrown is a bug of ours and keeps its stack.

/** Exit statuses: the table of `gomodcache help exit-codes`. */
export const exitStatus = {
  ok: 0,
  findings: 1,
  usage: 2,
  incomplete: 3,
  privilege: 4,
  internal: 70,
  interrupted: 130,
} as const;
export type ExitStatus = (typeof exitStatus)[keyof typeof exitStatus];

export class UserError extends Error {
  override readonly name = "UserError";

  /**
   * @param message what is wrong, naming the thing
   * @param hint what to do about it
   */
  constructor(
    message: string,
    readonly hint: string,
    readonly status: ExitStatus = exitStatus.usage,
  ) {
    super(message);
  }
}
