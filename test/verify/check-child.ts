// Checks one module of a cache and prints what it found as JSON: for a test that looks as another user.

import { PinnedDirectory } from "../../src/tree/pinned-directory.ts";
import { checkModule } from "../../src/verify/check.ts";

const cache = PinnedDirectory.open(process.argv[2] as string);
console.log(JSON.stringify(await checkModule(cache, { module: "example.com/alpha", version: "v1.0.0" })));
