// Draws in which the predictor once disagreed with go. They are kept as data, so that they mean the same whatever is drawn later.
import type { Draw } from "./draw.ts";

const reader = { uid: 2001, gid: 2001, groups: [3000], umask: 0o022 };
const base = { number: 0, user: reader, offline: false, warm: true };
const alpha = "example.com/alpha@v1.0.0";
const gamma = "example.com/gamma@v0.0.0-20240102030405-abcdefabcdef";

export const knownDraws: readonly Draw[] = [
  // go mod vendor reads the files of other platforms too.
  { ...base, project: "small", operation: "vendor", changes: [{ do: "empty", path: `${alpha}/a_windows.go` }] },
  // A directory that is embedded must hold a file.
  {
    ...base,
    project: "lazy",
    operation: "build",
    changes: [{ do: "remove", path: "example.com/emb/v2@v2.3.4/assets/deep/file" }],
  },
  // While go makes its index, a test file that cannot be parsed spoils its package.
  {
    ...base,
    warm: false,
    project: "listed",
    operation: "build",
    changes: [{ do: "tear", path: `${alpha}/a_test.go` }],
  },
  // go mod tidy passes over a file that it cannot read while it makes its index.
  {
    ...base,
    warm: false,
    project: "old",
    operation: "tidy",
    changes: [{ do: "chmod", path: `${gamma}/g.go`, mode: 0o400 }],
  },
  // go mod tidy does not look at the go.mod of a module that no package needs.
  {
    ...base,
    project: "listed",
    operation: "tidy",
    changes: [{ do: "tear", path: "cache/download/example.com/extra/@v/v1.0.0.mod" }],
  },
  // In a workspace ./... means the module of the working directory alone.
  {
    ...base,
    offline: true,
    project: "work",
    operation: "list",
    changes: [{ do: "empty", path: "example.com/extra@v1.0.0/x.go" }],
  },
  { ...base, project: "work", operation: "vendor", changes: [] },
  { ...base, project: "vendored", operation: "list-versions", changes: [] },
  // In a workspace the versions of a module are listed after the whole graph is loaded; so they are without lazy loading.
  {
    ...base,
    project: "work",
    operation: "list-versions",
    changes: [{ do: "garbage", path: "cache/download/example.com/!beta/@v/v1.0.0.mod" }],
  },
  {
    ...base,
    project: "old",
    operation: "list-versions",
    changes: [{ do: "garbage", path: "cache/download/example.com/!beta/@v/v1.0.0.mod" }],
  },
  {
    ...base,
    project: "lazy",
    operation: "list-versions",
    changes: [{ do: "garbage", path: "cache/download/example.com/!beta/@v/v1.0.0.mod" }],
  },
  // The retractions of a replaced module are in its replacement's go.mod.
  {
    ...base,
    offline: true,
    project: "replaced",
    operation: "list-versions",
    changes: [{ do: "recursive-mask", path: "", and: 0o7750, or: 0, only: "all" }],
  },
  { ...base, offline: true, project: "replaced", operation: "list-versions", changes: [] },
  // The roots of a workspace are its own modules: the first package of another module loads the graph, and with it the go.mod
  // of what no package needs.
  {
    ...base,
    project: "work",
    operation: "list",
    changes: [{ do: "tear", path: "cache/download/example.com/extra/@v/v1.0.0.mod" }],
  },
  {
    ...base,
    warm: false,
    project: "work",
    operation: "test",
    changes: [{ do: "garbage", path: "cache/download/example.com/extra/@v/v1.0.0.mod" }],
  },
  {
    ...base,
    offline: true,
    warm: false,
    project: "work",
    operation: "build",
    changes: [{ do: "remove", path: "cache/download/example.com/extra/@v/v1.0.0.mod" }],
  },
  // go list -m looks at the go.mod of a module for its version of Go. It does without, but not with one that go.sum contradicts.
  {
    ...base,
    project: "listed",
    operation: "list-versions",
    changes: [{ do: "garbage", path: "cache/download/example.com/alpha/@v/v1.0.0.mod" }],
  },
  // What a replacement lacks is not reported.
  {
    ...base,
    offline: true,
    project: "replaced",
    operation: "list-modules",
    changes: [{ do: "remove", path: "cache/download/example.com/alpha/@v/v1.0.1.info" }],
  },
  // go mod vendor lists the directories that it copies from, even where go's index knows their packages.
  {
    ...base,
    user: { uid: 2002, gid: 3000, groups: [], umask: 0o027 },
    project: "small",
    operation: "vendor",
    changes: [{ do: "acl", path: alpha, spec: "g:3000:-wx" }],
  },
  // An index that is ready lists what the module had when it was made: what is missing since is found missing by what opens it.
  {
    ...base,
    offline: true,
    project: "vendored",
    operation: "tidy",
    changes: [{ do: "remove", path: `${gamma}/g.go` }],
  },
  {
    ...base,
    offline: true,
    project: "replaced",
    operation: "list",
    changes: [{ do: "remove", path: "example.com/alpha@v1.0.1/sub/s.go" }],
  },
  {
    ...base,
    offline: true,
    project: "replaced",
    operation: "build",
    changes: [{ do: "remove", path: "example.com/alpha@v1.0.1/sub/s.go" }],
  },
  { ...base, project: "lazy", operation: "list", changes: [{ do: "empty", path: `${gamma}/g.go` }] },
  { ...base, project: "lazy", operation: "build", changes: [{ do: "remove", path: `${alpha}/a_windows.go` }] },
  // Of a package that has only tests left, a listing does not complain, but no importer can be built.
  { ...base, warm: false, project: "lazy", operation: "list", changes: [{ do: "remove", path: `${alpha}/a.go` }] },
  { ...base, warm: false, project: "lazy", operation: "build", changes: [{ do: "remove", path: `${alpha}/a.go` }] },
  // go mod vendor reads what it copies from the files themselves: what cannot be parsed ends it.
  { ...base, warm: false, project: "lazy", operation: "vendor", changes: [{ do: "empty", path: `${alpha}/a.go` }] },
  { ...base, project: "lazy", operation: "build", changes: [{ do: "empty", path: `${gamma}/g.go` }] },
  // With a proxy and a cache to write to, go mod tidy goes on to the version that has the package.
  {
    ...base,
    warm: false,
    project: "lazy",
    operation: "tidy",
    changes: [
      { do: "recursive-chown", path: "", uid: 2001, gid: 2001 },
      { do: "remove", path: `${alpha}/sub/s.go` },
    ],
  },
  // go mod vendor writes down the version of Go of every module that go.mod lists, needed or not.
  {
    ...base,
    project: "listed",
    operation: "vendor",
    changes: [{ do: "garbage", path: "cache/download/example.com/extra/@v/v1.0.0.mod" }],
  },
  {
    ...base,
    offline: true,
    project: "listed",
    operation: "vendor",
    changes: [{ do: "remove", path: "cache/download/example.com/extra/@v/v1.0.0.mod" }],
  },
  // go looks at what it embeds as the user: a directory that can be listed and not entered is enough to fail.
  {
    ...base,
    offline: true,
    project: "old",
    operation: "list",
    changes: [{ do: "chmod", path: "example.com/emb/v2@v2.3.4/data", mode: 0o444 }],
  },
];
