#!/usr/bin/env node
// gomodcache-init: `gomodcache init` under a name of its own, for Dockerfiles, entrypoints and initContainers.
process.argv.splice(2, 0, "init");
await import("./cli.ts");

export {};
