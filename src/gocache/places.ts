// The other places that a build writes to: GOCACHE, and the directory for temporary files.
import { Refused } from "../permission/world.ts";
import { goFails, reasonOf } from "./outcome.ts";
import type { Play } from "./play.ts";

/** @param executes whether the command runs what it builds, as go test does */
export function checkBuildPlaces(play: Play, { executes }: { executes: boolean }): void {
  const { kernel, ledger, settings } = play;
  const { buildCache } = settings;
  const runtime = `${settings.goroot}/src/runtime`;
  if (play.machine.look(runtime) !== "absent") {
    ledger.attempt("for Go's own packages (GOROOT)", () => void kernel.readDirectory(runtime));
  }
  ledger.attempt("for its build cache (GOCACHE)", () => {
    if (buildCache === undefined) {
      ledger.warn(
        "the user has no home in the user database: the answer takes for granted that HOME or GOCACHE names a directory of theirs",
      );
      return;
    }
    if (buildCache === "off") throw goFails("GOCACHE", "be on", "build cache is disabled by GOCACHE=off, but required");
    if (!buildCache.startsWith("/"))
      throw goFails(buildCache, "be absolute", `GOCACHE is not an absolute path: ${buildCache}`);
    kernel.mkdirAll(buildCache, 0o777);
    checkShards(play, buildCache);
  });
  ledger.attempt("for its temporary files (GOTMPDIR or TMPDIR)", () => {
    const work = `${settings.temporary}/go-build1234567890`;
    kernel.mkdir(work, 0o700);
    if (executes && kernel.stat(work).mount?.noexec === true) {
      throw goFails(
        settings.temporary,
        "execute",
        `${settings.temporary} is mounted noexec: go test cannot run what it builds`,
      );
    }
  });
}

/** cache.Open makes the 256 directories 00 to ff; what cannot be written there later is only not cached. */
function checkShards(play: Play, buildCache: string): void {
  const { kernel, ledger } = play;
  for (let shard = 0; shard < 256; shard += 1) {
    const path = `${buildCache}/${shard.toString(16).padStart(2, "0")}`;
    try {
      kernel.mkdir(path, 0o777);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      if (error.errno !== "EEXIST") throw error;
    }
    try {
      kernel.open(`${path}/0123456789abcdef-d`, { write: true, create: true });
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      ledger.unknown(path, `${reasonOf(error, "to keep what it builds").message}; whether go needs to is not known`);
      return;
    }
  }
}
