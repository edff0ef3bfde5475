// The program of a single executable. What are programs of their own in the package, it is by its name or its first word.
import { basename } from "node:path";
import { exitStatus } from "./error.ts";
import { editWord } from "./self.ts";

const { argv, argv0, env, stderr } = process;
if (env["BUN_OPTIONS"] !== undefined) {
  // They are obeyed before a line of ours runs, as NODE_OPTIONS are by node: all we can do is not to go on.
  stderr.write(
    "gomodcache: BUN_OPTIONS is set, which changes what this executable does\n  run it again without: env -u BUN_OPTIONS\n",
  );
  process.exitCode = exitStatus.usage;
} else if (argv[2] === editWord) {
  await import("./init/edit-worker.ts");
} else {
  if (basename(argv0) === "gomodcache-init") argv.splice(2, 0, "init");
  await import("./cli.ts");
}
