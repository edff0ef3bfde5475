// Where this program keeps what it has to remember: journals, locks, events.
import { posix } from "node:path";

/** root's, as the Filesystem Hierarchy Standard has it: the environment of sudo's caller has no say in it. */
const systemDirectory = "/var/lib/gomodcache";

/** Where the state of this user is kept (XDG Base Directory Specification, XDG_STATE_HOME). */
export function defaultStateDirectory(
  euid: number,
  env: Readonly<Record<string, string | undefined>>,
): string | undefined {
  if (euid === 0) return systemDirectory;
  const { XDG_STATE_HOME: state, HOME: home } = env;
  if (state?.startsWith("/")) return posix.join(state, "gomodcache");
  return home?.startsWith("/") && home !== "/" ? posix.join(home, ".local/state/gomodcache") : undefined;
}
