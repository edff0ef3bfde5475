// Whether any of many entries has an ACL, asked of one getfacl(1) that reads paths while the walk goes on: each start of a
// program costs a large process milliseconds.
import { toBytes } from "../host/bytes.ts";
import { askAcls, Getfacl } from "./acls.ts";

/** How many bytes of paths may wait for getfacl, to keep memory bounded. */
const mostWaiting = 2_000_000;

export class AclSearch {
  /** True as soon as one of the paths has an ACL. */
  found = false;
  private problem: string | undefined;
  private running: Getfacl | undefined;

  /** Asks about more paths. The caller waits if it is far ahead. @param paths absolute, none of them a symbolic link */
  async ask(paths: readonly string[]): Promise<void> {
    if (paths.length === 0 || this.found) return;
    // getfacl reads one path a line.
    const lines = paths.filter((path) => !path.includes("\n"));
    if (lines.length > 0) {
      // It prints nothing about an entry that has no ACL.
      this.running ??= new Getfacl(["-"], () => (this.found = true));
      this.running.tell(toBytes(`${lines.join("\n")}\n`));
      if (this.running.waiting > mostWaiting) await this.running.drained();
    }
    if (lines.length === paths.length) return;
    const { acls, unseen } = await askAcls(paths.filter((path) => path.includes("\n")));
    this.problem ??= unseen;
    if (acls.size > 0) this.found = true;
  }

  /** Waits for the rest of the answer. @returns why not all could be asked */
  async finish(): Promise<string | undefined> {
    const problem = await this.running?.finish();
    return this.problem ?? problem;
  }

  /** Gives up what is not answered yet. */
  stop(): void {
    this.running?.stop();
  }
}
