// The other places that a build writes to: GOCACHE, and the directory for temporary files.
import { Refused } from "../permission/world.ts";
import { goFails, reasonOf } from "./outcome.ts";
import type { Play } from "./play.ts";

/** @param executes whether the command runs what it builds, as go test does */
export function checkBuildPlaces(play: Play, { executes }: { executes: boolean }): void {
  const { kernel, ledger, settings } = play;
  ledger.attempt("for its build cache (GOCACHE)", () => {
    if (settings.buildCache === "off")
      throw goFails("GOCACHE", "be on", "build cache is disabled by GOCACHE=off, but required");
    if (!settings.buildCache.startsWith("/"))
      throw goFails(settings.buildCache, "be absolute", `GOCACHE is not an absolute path: ${settings.buildCache}`);
    kernel.mkdirAll(settings.buildCache, 0o777);
    checkShards(play);
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
function checkShards(play: Play): void {
  const { kernel, ledger, settings } = play;
  for (let shard = 0; shard < 256; shard += 1) {
    const path = `${settings.buildCache}/${shard.toString(16).padStart(2, "0")}`;
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
