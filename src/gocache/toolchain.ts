// Which Go a project asks for, and whether this one will do (https://go.dev/doc/toolchain, cmd/go/internal/toolchain/select.go).
import type { Play } from "./play.ts";
import type { Project } from "./project.ts";
import { compareGo } from "./version.ts";

/** Since 1.21 a go line that is newer than the running go makes it fetch a newer one, or fail under GOTOOLCHAIN=local. */
export function checkToolchain(play: Play, project: Project): void {
  const { settings, ledger, kernel, fetcher } = play;
  if (settings.goMinor < 21) return;
  const wanted = wantedVersion(project);
  if (compareGo(wanted.version, settings.goVersion) <= 0) return;
  const mode = settings.toolchain.split("+")[0];
  if (mode === "local" && !settings.toolchain.includes("+")) {
    if (wanted.strict)
      ledger.fail({
        path: `${project.directory}/go.mod`,
        need: "be for this go",
        message: `go.mod requires go >= ${wanted.version} (running go ${settings.goVersion}; GOTOOLCHAIN=local)`,
      });
    return;
  }
  const version = /^\d+\.\d+$/.test(wanted.version) ? `${wanted.version}.0` : wanted.version;
  const module = { path: "golang.org/toolchain", version: `v0.0.1-go${version}.${settings.goos}-${settings.goarch}` };
  ledger.attempt(`for the toolchain go${version}`, () => {
    if (fetcher.download(module) === "fresh") return;
    const program = `${fetcher.paths(module).tree}/bin/go`;
    if ((kernel.stat(program).mode & 0o111) === 0) {
      // allowExec: the first user of a toolchain sets the execute bits, which takes the owner.
      kernel.chmod(program, kernel.stat(program).mode | 0o111);
    }
    kernel.execute(program);
  });
  ledger.unknown(
    `${project.directory}/go.mod`,
    `the project asks for go ${wanted.version}; the verdict for that go is not known to this one (${settings.goVersion})`,
  );
}

/** The toolchain line counts only for switching; the go line also forbids an older go. */
function wantedVersion(project: Project): { version: string; strict: boolean } {
  let version = project.work?.go ?? "1.0";
  let strict = true;
  for (const { goMod } of project.mains) {
    if (goMod.go !== undefined && compareGo(goMod.go, version) > 0) version = goMod.go;
  }
  for (const { goMod } of project.mains) {
    const toolchain = goMod.toolchain?.replace(/^go/, "");
    if (toolchain !== undefined && toolchain !== "default" && compareGo(toolchain, version) > 0) {
      version = toolchain;
      strict = false;
    }
  }
  return { version, strict };
}
