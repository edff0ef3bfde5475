// The operations that can be asked about, and the go command that each of them stands for.

export const operations = [
  "build",
  "vet",
  "test",
  "list",
  "list-modules",
  "list-versions",
  "download",
  "verify",
  "tidy",
  "vendor",
  "get",
  "clean",
  "read",
  "write",
] as const;
export type Operation = (typeof operations)[number];

/** The go command behind an operation; `read` and `write` are about the cache itself. */
export const goCommands: Record<Operation, string> = {
  build: "go build -o /dev/null ./...",
  vet: "go vet ./...",
  test: "go test ./...",
  list: "go list -deps ./...",
  "list-modules": "go list -m all",
  "list-versions": "go list -m -versions (or -u, or MODULE@latest)",
  download: "go mod download",
  verify: "go mod verify",
  tidy: "go mod tidy",
  vendor: "go mod vendor",
  get: "go get MODULE@VERSION, of a version that is not in the cache",
  clean: "go clean -modcache",
  read: "reading every module in the cache",
  write: "adding a module to the cache",
};

/** The operations that need no go.mod. */
export const projectless: ReadonlySet<Operation> = new Set(["clean", "read", "write"]);

export function isOperation(text: string): text is Operation {
  return (operations as readonly string[]).includes(text);
}
