// One or more wordings of each subcategory, of releases from Go 1.4 to 1.27, of Windows, macOS and other systems, of git in other
// languages. Paths, modules and hosts differ from those of the records.

export type Wording = readonly [category: string, subcategory: string, text: string];

const hash = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
const vcs = `/var/lib/ci/gomod/cache/vcs/${hash}`;

export const wordings: readonly Wording[] = [
  [
    "fs",
    "modcache-not-owned-by-uid",
    "go: example.net/lib@v1.0.1: mkdir /opt/gopath/pkg/mod/cache/download/example.net: permission denied",
  ],
  [
    "fs",
    "modcache-not-owned-by-uid",
    "go: downloading example.net/lib v1.0.1\nmain.go:4:2: open /opt/shared/pkg/mod/cache/download/example.net/lib/@v/v1.0.1.lock: permission denied",
  ],
  ["fs", "modcache-not-owned-by-uid", "main.go:3:8: mkdir /srv/shared-go/cache: permission denied"],
  ["resolve", "gomod-update-readonly", "go: updates to go.mod needed; to update it:\n\tgo mod tidy"],
  [
    "fs",
    "modcache-root-owned",
    "go: example.net/lib@v1.0.1: open /home/dev/go/pkg/mod/cache/download/example.net/lib/@v/v1.0.1.zip81.tmp: permission denied",
  ],
  ["fs", "modcache-root-owned", "go: open /Users/ann/go/pkg/mod/cache/lock: permission denied"],
  [
    "fs",
    "cache-mount-root-owned",
    "failed to initialize build cache at /home/nonroot/.cache/go-build: mkdir /home/nonroot/.cache/go-build/00: permission denied",
  ],
  ["fs", "modcache-root-not-creatable", "go: could not create module cache: mkdir /data/go/pkg: permission denied"],
  [
    "fs",
    "modcache-dir-owner-only",
    "main.go:5:2: open /srv/mod/gopkg.example/yaml@v3.0.1/decode.go: permission denied",
  ],
  ["fs", "modcache-umask-077", "go: mkdir /opt/mods/cache/download: permission denied"],
  [
    "fs",
    "modcache-readonly-by-design",
    "go: updating go.sum: open /home/u/go/pkg/mod/example.net/lib@v1.0.1/go.sum123.tmp: permission denied",
  ],
  [
    "fs",
    "readonly-modcache-removal",
    "rm: cannot remove '/builds/x/.go/pkg/mod/example.net/lib@v1.0.1/lib.go': Permission denied",
  ],
  [
    "fs",
    "readonly-modcache-removal",
    "Error: EACCES: permission denied, unlink '/home/runner/_work/a/pkg/mod/golang.example/x@v0.1.0/x.go'",
  ],
  ["fs", "clean-modcache-denied", "go: unlinkat /opt/mods/example.net/lib@v1.0.1/README: permission denied"],
  [
    "fs",
    "ci-cache-restore-exists",
    "/usr/bin/tar: ../../go/pkg/mod/cache/download/example.net/lib/@v/list: Cannot open: File exists",
  ],
  [
    "fs",
    "gocache-home-root-slash",
    "failed to initialize build cache at /.cache/go-build: mkdir /.cache: permission denied",
  ],
  [
    "fs",
    "gocache-home-unwritable",
    "failed to initialize build cache at /opt/app/.cache/go-build: mkdir /opt/app/.cache: permission denied",
  ],
  [
    "fs",
    "gocache-sandbox-home",
    "failed to initialize build cache at /homeless-shelter/.cache/go-build: mkdir /homeless-shelter: permission denied",
  ],
  ["fs", "gocache-root-owned", `open /home/kit/.cache/go-build/4f/${hash}-d: permission denied`],
  [
    "fs",
    "gocache-not-owned-by-uid",
    "failed to initialize build cache at /ci/gocache: open /ci/gocache/log.txt: permission denied".replace(
      "open /ci/gocache/log.txt",
      "mkdir /ci/gocache/00",
    ),
  ],
  ["fs", "gocache-not-owned-by-uid", `go build example.net/app: open /ci/gocache/9a/${hash}-a: permission denied`],
  [
    "fs",
    "goroot-not-writable",
    "go build internal/cpu: open /usr/lib/golang/pkg/linux_amd64/internal/cpu.a: permission denied",
  ],
  [
    "fs",
    "goroot-unreadable",
    "package fmt: open /usr/local/go/src/fmt/print.go: permission denied".replace("package fmt: ", "main.go:3:8: "),
  ],
  ["fs", "gopath-root-owned", "package example.net/tool: mkdir /go/src/example.net: permission denied"],
  [
    "fs",
    "gobin-not-writable",
    "go install example.net/tool: copying /tmp/go-build1/b001/exe/a.out: open /usr/local/bin/tool: permission denied",
  ],
  [
    "fs",
    "build-output-denied",
    "go build example.net/svc: copying /tmp/go-build77/b001/exe/a.out: open svc: permission denied",
  ],
  ["fs", "gomod-not-writable", "go: updating go.mod: open /workspace/go.mod: permission denied"],
  ["fs", "gomod-unreadable", "go: open /workspace/go.mod: permission denied"],
  ["fs", "tmpdir-not-writable", "go: creating work dir: mkdir /run/tmp/go-build123456: permission denied"],
  [
    "fs",
    "sumdb-dir-denied",
    "go: example.net/lib@v1.0.1: verifying module: open /opt/gopath/pkg/sumdb/sum.golang.org/latest: permission denied",
  ],
  [
    "fs",
    "vcs-cache-denied",
    `go: example.net/lib@master: codehost.WorkDir: can't find or create lock file: open ${vcs}.lock: permission denied`,
  ],
  [
    "fs",
    "toolchain-download-denied",
    "go: download go1.23.4: mkdir /go/pkg/mod/cache/download/golang.org/toolchain: permission denied",
  ],
  ["fs", "readonly-fs-modcache", "go: could not create module cache: mkdir /go/pkg/mod/cache: read-only file system"],
  ["fs", "readonly-fs-gocache", `open /root/.cache/go-build/4f/${hash}-d: read-only file system`],
  ["fs", "readonly-fs-gomod", "go: updating go.sum: open /app/go.sum: read-only file system"],
  [
    "fs",
    "rename-denied-wsl",
    "go: extracting example.net/lib v1.0.1\nrename /home/w/go/pkg/mod/example.net/lib@v1.0.1.tmp-123 /home/w/go/pkg/mod/example.net/lib@v1.0.1: permission denied",
  ],
  [
    "fs",
    "nfs-stale-handle",
    "go: open /nfs/go/pkg/mod/cache/download/example.net/lib/@v/v1.0.1.mod: stale NFS file handle",
  ],
  ["fs", "macos-tcc-eperm", "go: open /Users/bo/Desktop/app/go.mod: operation not permitted"],
  ["fs", "immutable-or-acl-eperm", "go: open /srv/go/mod/cache/lock: operation not permitted"],

  [
    "space",
    "enospc-modcache",
    "go: example.net/big@v1.2.0: write /go/pkg/mod/cache/download/example.net/big/@v/v1.2.0.zip99.tmp: no space left on device",
  ],
  [
    "space",
    "enospc-modcache",
    "go: example.net/big@v1.2.0: write C:\\Users\\x\\go\\pkg\\mod\\cache\\download\\example.net\\big\\@v\\v1.2.0.zip99.tmp: There is not enough space on the disk.",
  ],
  ["space", "enospc-gocache", `write /ci/gocache/9a/${hash}-d: no space left on device`],
  [
    "space",
    "enospc-misreported",
    "../../usr/local/go/src/net/http/server.go:12:2: package bufio is not in std (/usr/local/go/src/bufio)",
  ],
  [
    "space",
    "inodes-gocache",
    "failed to initialize build cache at /ci/gocache: mkdir /ci/gocache/7f: no space left on device",
  ],
  ["space", "inodes-modcache", "go: mkdir /go/pkg/mod/cache/download/example.net: no space left on device"],
  ["space", "enospc-tmp", "go: creating work dir: mkdir /tmp/go-build99: no space left on device"],
  [
    "space",
    "enospc-tmp",
    "# example.net/app\n/usr/local/go/pkg/tool/linux_arm64/link: mapping output file failed: no space left on device",
  ],
  [
    "space",
    "enospc-build-output",
    "go build example.net/svc: copying /tmp/go-build7/b001/exe/a.out: write /out/svc: no space left on device",
  ],
  [
    "space",
    "enospc-vcs-clone",
    `go: example.net/lib@v1.0.1: invalid version: git fetch -f origin in ${vcs}: exit status 128:\n\tfatal: write error: No space left on device`,
  ],
  [
    "space",
    "edquot",
    "go: writing go.mod cache: open /home/s/go/pkg/mod/cache/download/x.example/y/@v/v1.mod.tmp: disk quota exceeded",
  ],
  ["space", "emfile", "go: error obtaining buildID for go tool asm: pipe: too many open files"],
  [
    "space",
    "efbig-ulimit",
    "go: example.net/big@v1.2.0: write /go/pkg/mod/cache/download/x/@v/v1.zip1.tmp: file too large",
  ],
  [
    "space",
    "enospc-goproxy-server-side",
    "go: example.net/lib@v1.0.1: reading http://athens.corp/example.net/lib/@v/v1.0.1.info: 500 Internal Server Error\n\tserver response: mkdir /var/athens/tmp1: no space left on device",
  ],
  ["space", "enospc-ci-cache-save", "/usr/bin/tar: cache.tzst: Wrote only 4096 of 10240 bytes"],

  ["lock", "nfs-no-locks", "go: RLock /nfs/home/x/proj/go.mod: no locks available"],
  ["lock", "lock-enosys", "go: RLock /storage/emulated/0/app/go.mod: function not implemented"],
  ["lock", "lock-enotsup", "go: Lock /mnt/smb/go/pkg/mod/cache/lock: operation not supported"],
  ["lock", "lock-einval-9p", "go: RLock Z:\\src\\go.mod: Incorrect function."],
  [
    "lock",
    "lock-edeadlk",
    "go: example.net/lib@v1.0.1: Lock /g/cache/download/example.net/lib/@v/v1.0.1.lock: resource deadlock avoided",
  ],
  ["lock", "lock-inode-changed", "go: RLock /proj/go.mod: inode for file changed since last Lock or RLock"],
  ["lock", "gomod-changed-underfoot", "go: updating go.sum: existing contents have changed since last read"],
  [
    "lock",
    "git-stale-lock",
    `go: example.net/lib@v1.0.1: git fetch -f origin in ${vcs}: exit status 128:\n\tSchwerwiegend: Konnte '${vcs}/shallow.lock' nicht erstellen: Die Datei existiert bereits.`,
  ],
  [
    "lock",
    "concurrent-vcs-init",
    `go: example.net/lib@v1.0.1: git init --bare in ${vcs}: exit status 128:\n\tfatal: cannot copy '/usr/share/git-core/templates/hooks/update.sample' to '${vcs}/hooks/update.sample': File exists`,
  ],
  [
    "lock",
    "concurrent-modcache-init",
    "go: example.net/lib@v1.0.1: mkdir /go/pkg/mod/cache/vcs: no such file or directory",
  ],
  [
    "lock",
    "cache-cleaned-during-build",
    `main.go:4:2: open /root/.cache/go-build/85/${hash}-d: no such file or directory`,
  ],
  ["lock", "concurrent-gocache-list", "go list: failed to cache compiled Go files"],
  [
    "lock",
    "windows-sharing-violation",
    "go: example.net/lib@v1.0.1: rename C:\\go\\pkg\\mod\\example.net\\lib@v1.0.1.tmp-1 C:\\go\\pkg\\mod\\example.net\\lib@v1.0.1: Access is denied.",
  ],
  [
    "lock",
    "windows-sharing-violation",
    "go: unlinkat C:\\Users\\a\\AppData\\Local\\Temp\\go-build55\\b001\\exe\\a.exe: The process cannot access the file because it is being used by another process.",
  ],
  [
    "lock",
    "output-busy-running",
    "go build example.net/svc: copying /tmp/go-build7/b001/exe/a.out: open svc: text file busy",
  ],

  [
    "net",
    "dns-no-such-host",
    'go: example.net/lib@v1.0.1: Get "https://goproxy.corp/example.net/lib/@v/v1.0.1.mod": dial tcp: lookup goproxy.corp: no such host',
  ],
  [
    "net",
    "dns-timeout",
    'go: example.net/lib@v1.0.1: Get "https://goproxy.corp/x/@v/list": dial tcp: lookup goproxy.corp on 10.0.0.2:53: read udp 10.1.1.1:3->10.0.0.2:53: i/o timeout',
  ],
  [
    "net",
    "dns-unreachable",
    'go: example.net/lib@v1.0.1: Get "https://goproxy.corp/x/@v/list": dial tcp: lookup goproxy.corp on 10.0.0.2:53: dial udp 10.0.0.2:53: connect: network is unreachable',
  ],
  [
    "net",
    "dns-refused-sandbox",
    'go: example.net/lib@v1.0.1: Get "https://goproxy.corp/x/@v/list": dial tcp: lookup goproxy.corp on [::1]:53: read udp [::1]:3->[::1]:53: read: connection refused',
  ],
  [
    "net",
    "git-dns",
    `go: example.net/lib@v1.0.1: invalid version: git ls-remote -q origin in ${vcs}: exit status 128:\n\tSchwerwiegend: konnte nicht auf 'https://example.net/lib/' zugreifen: Could not resolve host: example.net`,
  ],
  [
    "net",
    "dial-timeout",
    'go: example.net/lib@v1.0.1: Get "https://goproxy.corp/x/@v/list": dial tcp 10.1.2.3:443: connectex: A connection attempt failed because the connected party did not properly respond after a period of time',
  ],
  [
    "net",
    "dial-timeout",
    'go: example.net/lib@v1.0.1: Get "https://goproxy.corp/x/@v/list": context deadline exceeded (Client.Timeout exceeded while awaiting headers)',
  ],
  [
    "net",
    "conn-refused",
    'go: example.net/lib@v1.0.1: Get "http://localhost:3000/x/@v/list": dial tcp [::1]:3000: connectex: No connection could be made because the target machine actively refused it.',
  ],
  [
    "net",
    "conn-reset",
    'go: example.net/lib@v1.0.1: Get "https://goproxy.corp/x/@v/v1.zip": read tcp 10.0.0.1:4->1.2.3.4:443: read: connection reset by peer',
  ],
  [
    "net",
    "vanity-refused",
    'go: go.corp.example/lib@v1.0.1: unrecognized import path "go.corp.example/lib": https fetch: Get "https://go.corp.example/lib?go-get=1": dial tcp 1.2.3.4:443: connect: connection refused',
  ],
  [
    "net",
    "git-refused",
    `go: example.net/lib@v1.0.1: git fetch -f origin in ${vcs}: exit status 128:\n\tssh: connect to host example.net port 22: Connection timed out`,
  ],
  [
    "net",
    "git-remote-hung-up",
    `go: example.net/lib@v1.0.1: git fetch -f origin in ${vcs}: exit status 128:\n\tfatal: the remote end hung up unexpectedly`,
  ],
  [
    "net",
    "proxyconnect",
    'go: example.net/lib@v1.0.1: Get "https://goproxy.corp/x/@v/list": proxyconnect tcp: dial tcp: lookup squid.corp: no such host',
  ],
  [
    "net",
    "proxy-407",
    'go: example.net/lib@v1.0.1: Get "https://goproxy.corp/x/@v/list": Proxy Authentication Required',
  ],
  [
    "net",
    "tls-unknown-ca",
    'go: example.net/lib@v1.0.1: Get "https://goproxy.corp/x/@v/list": tls: failed to verify certificate: x509: “corp” certificate is not trusted',
  ],
  [
    "net",
    "tls-wrong-host",
    'go: example.net/lib@v1.0.1: Get "https://goproxy.corp/x/@v/list": x509: certificate is valid for *.corp.example, not goproxy.corp',
  ],
  [
    "net",
    "http-vs-https",
    'go: example.net/lib@v1.0.1: Get "https://goproxy.corp/x/@v/list": http: server gave HTTP response to HTTPS client',
  ],
  [
    "net",
    "tls-handshake-timeout",
    'go: example.net/lib@v1.0.1: Get "https://goproxy.corp/x/@v/list": net/http: TLS handshake timeout',
  ],
  [
    "net",
    "truncated-download",
    'go: example.net/lib@v1.0.1: read "https://goproxy.corp/example.net/lib/@v/v1.0.1.zip": stream error: stream ID 7; INTERNAL_ERROR; received from peer',
  ],
  [
    "net",
    "proxy-403",
    "go: example.net/lib@v1.0.1: reading https://nexus.corp/repository/go/example.net/lib/@v/v1.0.1.mod: 403 Forbidden",
  ],
  [
    "net",
    "proxy-429",
    "go: example.net/lib@v1.0.1: reading https://nexus.corp/repository/go/example.net/lib/@v/v1.0.1.mod: 429 Too Many Requests",
  ],
  [
    "net",
    "proxy-4xx",
    "go: example.net/lib@v1.0.1: reading https://nexus.corp/repository/go/example.net/lib/@v/v1.0.1.mod: 405 Method Not Allowed",
  ],
  [
    "net",
    "proxy-5xx",
    "go: example.net/lib@v1.0.1: reading https://nexus.corp/repository/go/example.net/lib/@v/v1.0.1.mod: 502 Bad Gateway",
  ],
  [
    "net",
    "proxy-404-misconfigured",
    "go: example.net/lib@v1.0.1: reading https://nexus.corp/repository/go/example.net/lib/@v/v1.0.1.mod: 404 Not Found",
  ],
  // A body that only says the status again.
  [
    "net",
    "proxy-404-misconfigured",
    "go: example.net/lib@v1.0.1: reading https://nexus.corp/repository/go/example.net/lib/@v/v1.0.1.mod: 404 Not Found\n\tserver response: not found",
  ],
  [
    "net",
    "proxy-404-misconfigured",
    "go: module example.net/lib: reading https://nexus.corp/repository/go/example.net/lib/@v/list: 404 Not Found\n\tserver response:\n\t404 page not found",
  ],
  [
    "net",
    "proxy-404-misconfigured",
    'go: example.net/lib@v1.0.1: reading https://nexus.corp/go/example.net/lib/@v/v1.0.1.info: 404 Not Found\n\tserver response: {"errors":[{"status":404,"message":"Not Found"}]}',
  ],
  [
    "net",
    "toolchain-download-net",
    'go: download go1.24.1: golang.org/toolchain@v0.0.1-go1.24.1.linux-amd64: Get "https://goproxy.corp/golang.org/toolchain/@v/v0.0.1-go1.24.1.linux-amd64.zip": dial tcp 1.2.3.4:443: i/o timeout',
  ],
  [
    "net",
    "golang-dl-403",
    "go: download go1.24.1: golang.org/toolchain@v0.0.1-go1.24.1.linux-amd64: reading https://goproxy.corp/golang.org/toolchain/@v/v0.0.1-go1.24.1.linux-amd64.zip: 403 Forbidden",
  ],

  [
    "auth",
    "https-no-credentials",
    `go: git.corp/team/lib@v1.0.1: invalid version: git ls-remote -q origin in ${vcs}: exit status 128:\n\tfatal : could not read Username for 'https://git.corp': No such device or address`,
  ],
  [
    "auth",
    "https-token-wrong",
    `go: git.corp/team/lib@v1.0.1: invalid version: git fetch -f origin in ${vcs}: exit status 128:\n\tremote: Invalid username or password.\n\tfatal: Authentication failed for 'https://git.corp/team/lib/'`,
  ],
  [
    "auth",
    "git-403-token-scope",
    `go: git.corp/team/lib@v1.0.1: git fetch -f origin in ${vcs}: exit status 128:\n\tfatal: unable to access 'https://git.corp/team/lib/': The requested URL returned error: 403`,
  ],
  [
    "auth",
    "git-403-token-scope",
    `go: git.corp/team/lib@v1.0.1: git fetch -f origin in ${vcs}: exit status 128:\n\tfatal: Authentifizierung fehlgeschlagen für 'https://git.corp/team/lib/'`,
  ],
  [
    "auth",
    "repo-not-found-or-no-access",
    `go: module git.corp/team/lib: git ls-remote -q origin in ${vcs}: exit status 128:\n\tERROR: Repository not found.\n\tfatal: Could not read from remote repository.`,
  ],
  [
    "auth",
    "ssh-publickey",
    `go: git.corp/team/lib@v1.0.1: git ls-remote -q origin in ${vcs}: exit status 128:\n\tgit@git.corp: Permission denied (publickey,gssapi-keyex).\n\tfatal: Could not read from remote repository.`,
  ],
  [
    "auth",
    "ssh-host-key",
    `go: git.corp/team/lib@v1.0.1: git ls-remote -q origin in ${vcs}: exit status 128:\n\tHost key verification failed.`,
  ],
  [
    "auth",
    "private-via-public-proxy",
    "go: git.corp/team/lib@v1.0.1: reading https://proxy.example.org/git.corp/team/lib/@v/v1.0.1.info: 404 Not Found\n\tserver response: not found: git.corp/team/lib@v1.0.1: invalid version: git ls-remote -q origin in /tmp/gopath/pkg/mod/cache/vcs/ab: exit status 128:\n\t\tfatal: could not read Username for 'https://git.corp': terminal prompts disabled",
  ],
  [
    "auth",
    "sumdb-private-410",
    "verifying git.corp/team/lib@v1.0.1: git.corp/team/lib@v1.0.1: reading https://sum.golang.org/lookup/git.corp/team/lib@v1.0.1: 410 Gone",
  ],
  [
    "auth",
    "sumdb-private-404",
    'go: git.corp/team/lib@v1.0.1: verifying module: git.corp/team/lib@v1.0.1: reading https://sum.golang.org/lookup/git.corp/team/lib@v1.0.1: 404 Not Found\n\tserver response: not found: git.corp/team/lib@v1.0.1: unrecognized import path "git.corp/team/lib": https fetch: Get "https://git.corp/team/lib?go-get=1": dial tcp: lookup git.corp: no such host',
  ],
  [
    "auth",
    "proxy-401",
    "go: git.corp/team/lib@v1.0.1: reading https://nexus.corp/go/git.corp/team/lib/@v/v1.0.1.mod: 401 Unauthorized",
  ],
  [
    "auth",
    "vanity-login-redirect",
    'go: git.corp/team/lib@v1.0.1: unrecognized import path "git.corp/team/lib": parse https://git.corp/team/lib?go-get=1: no go-import meta tags (meta tag git.corp/users/sign_in did not match)',
  ],
  [
    "auth",
    "insecure-credentials",
    "go: module git.corp/x: refusing to pass credentials to insecure URL: http://u:xxxxx@git.corp",
  ],
  [
    "auth",
    "http-only-vcs",
    "package git.corp/team/lib: cannot download, http://git.corp/team/lib uses insecure protocol",
  ],

  [
    "sum",
    "gosum-mismatch-zip",
    "verifying example.net/lib@v1.0.1: checksum mismatch\n\tdownloaded: h1:AAAA=\n\tgo.sum:     h1:BBBB=\n\nSECURITY ERROR\nThis download does NOT match an earlier download recorded in go.sum.",
  ],
  [
    "sum",
    "gosum-mismatch-gomod",
    "go: verifying example.net/lib@v1.0.1/go.mod: checksum mismatch\n\tdownloaded: h1:AAAA=\n\tgo.sum:     h1:BBBB=",
  ],
  [
    "sum",
    "gosum-mismatch-html-body",
    "verifying example.net/lib@v1.0.1/go.mod: checksum mismatch\n\tdownloaded: h1:AAAA=\n\tgo.sum:     h1:BBBB=\n\t<!DOCTYPE html>",
  ],
  [
    "sum",
    "sumdb-mismatch-zip",
    "go: example.net/lib@v1.0.1: verifying module: checksum mismatch\n\tdownloaded: h1:AAAA=\n\tsum.golang.org: h1:BBBB=\n\nSECURITY ERROR\nThis download does NOT match the one reported by the checksum server.",
  ],
  [
    "sum",
    "sumdb-mismatch-gomod",
    "go: example.net/lib@v1.0.1/go.mod: checksum mismatch\n\tdownloaded: h1:AAAA=\n\tsum.corp.example: h1:BBBB=",
  ],
  [
    "sum",
    "gosum-missing-entry-package",
    "main.go:5:2: missing go.sum entry for module providing package example.net/lib/sub; to add:\n\tgo mod download example.net/lib",
  ],
  [
    "sum",
    "gosum-missing-entry-gomod",
    "go: example.net/lib@v1.0.1: missing go.sum entry for go.mod file; to add it:\n\tgo mod download example.net/lib",
  ],
  ["sum", "gosum-update-readonly", "go: updates to go.sum needed, disabled by -mod=readonly"],
  [
    "sum",
    "sumdb-410-create-zip",
    "verifying github.com/o/r@v1.0.1: github.com/o/r@v1.0.1: reading https://sum.golang.org/lookup/github.com/o/r@v1.0.1: 410 Gone\n\tserver response: not found: create zip: bad/name:x: malformed file path",
  ],
  [
    "sum",
    "sumdb-410-via-proxy",
    "go: github.com/o/r@v1.0.1: verifying module: reading https://nexus.corp/go/sumdb/sum.golang.org/lookup/github.com/o/r@v1.0.1: 410 Gone",
  ],
  [
    "sum",
    "sumdb-tile-404-proxy",
    "go: github.com/o/r@v1.0.1: verifying module: checking tree#1 against tree#2: reading https://nexus.corp/go/sumdb/sum.golang.org/tile/8/0/x001/234: 404 Not Found",
  ],
  [
    "sum",
    "sumdb-proxy-unsupported",
    "go: github.com/o/r@v1.0.1: verifying go.mod: reading https://nexus.corp/go/sumdb/sum.golang.org/supported: 403 Forbidden",
  ],
  ["sum", "sumdb-security-misbehavior", "SECURITY ERROR\ngo.sum database server misbehavior detected!"],
  ["sum", "gosumdb-missing", "go: example.net/lib@v1.0.1: verifying go.mod: missing GOSUMDB"],
  [
    "sum",
    "toolchain-checksum",
    "go: download go1.24.1: golang.org/toolchain@v0.0.1-go1.24.1.linux-amd64: verifying module: checksum database disabled by GOSUMDB=off",
  ],

  [
    "vcs",
    "git-missing",
    'go: example.net/lib@v1.0.1: git init --bare in /go/pkg/mod/cache/vcs/aa: exec: "git": executable file not found in %PATH%',
  ],
  ["vcs", "git-missing", "go: missing Mercurial command. See https://golang.org/s/gogetcmd"],
  ["vcs", "unknown-revision", "go: example.net/lib@v9.9.9: invalid version: unknown revision v9.9.9"],
  ["vcs", "dubious-ownership", "fatal: unsafe repository ('/work tree/app' is owned by someone else)"],
  [
    "vcs",
    "dubious-ownership",
    "致命错误：在 '/builds/app' 检测到可疑的仓库所有权\n要为这个目录添加例外，请调用：\n\n\tgit config --global --add safe.directory /builds/app",
  ],
  [
    "vcs",
    "vcs-stamping-128",
    "go: error obtaining VCS status: exit status 128\n\tUse -buildvcs=false to disable VCS stamping.",
  ],
  [
    "vcs",
    "vcs-cache-owner-mismatch",
    `go: example.net/lib@v1.0.1: git fetch -f origin in ${vcs}: exit status 128:\n\tfatal : 'origin' ne semble pas être un dépôt git\n\tfatal : Impossible de lire le dépôt distant.`,
  ],
  [
    "vcs",
    "git-too-old",
    `go: example.net/lib@v1.0.1: git ls-remote -q origin in ${vcs}: exit status 129:\n\terror: unknown switch \`q'\n\tusage: git ls-remote`,
  ],
  ["vcs", "unknown-vcs", 'package lib: directory "/go/src/lib" is not using a known version control system'],

  ["resolve", "toolchain-not-available", "go: download go1.22 for linux/arm64: toolchain not available"],
  [
    "resolve",
    "toolchain-language-version",
    "go: invalid toolchain: go1.25 is a language version but not a toolchain version (go1.25.x)",
  ],
  ["resolve", "go-version-too-new", "go: go.mod requires go >= 1.27.0 (running go 1.26.8; GOTOOLCHAIN=local)"],
  ["resolve", "go-version-too-new", "main.go:4:2: package log/slog is not in GOROOT (/usr/lib/go-1.19/src/log/slog)"],
  ["resolve", "gomod-parse-newer-syntax", "go: errors parsing go.mod:\n/app/go.mod:4: unknown directive: godebug"],
  ["resolve", "gomod-parse-conflict-markers", "go: errors parsing go.mod:\n/app/go.mod:7: unknown directive: ======="],
  [
    "resolve",
    "gomod-path-mismatch",
    "go: example.net/Lib@v1.0.1: parsing go.mod:\n\tmodule declares its path as: example.net/lib\n\t        but was required as: example.net/Lib",
  ],
  [
    "resolve",
    "ambiguous-import",
    "main.go:5:2: ambiguous import: found package example.net/a/b in multiple modules:\n\texample.net/a v1.0.0 (/go/pkg/mod/example.net/a@v1.0.0/b)",
  ],
  [
    "resolve",
    "package-not-in-module",
    "main.go:5:2: module example.net/lib@latest found (v1.0.1), but does not contain package example.net/lib/gone",
  ],
  [
    "resolve",
    "package-not-in-std",
    "main.go:5:2: package myapp/internal/db is not in std (/usr/local/go/src/myapp/internal/db)",
  ],
  [
    "resolve",
    "invalid-pseudo-version",
    "go: example.net/lib@v0.0.0-20200101000000-abcdefabcdef: invalid pseudo-version: does not match version-control timestamp (expected 20200102000000)",
  ],
  ["resolve", "conflicting-versions", "go: example.net/a@v1.0.0 requires example.net/b@v1.2.0, not v1.1.0"],
  [
    "resolve",
    "proxy-404-no-version",
    "go: example.net/lib@v1.0.1: reading https://nexus.corp/go/example.net/lib/@v/v1.0.1.mod: 404 Not Found\n\tserver response: not found: example.net/lib@v1.0.1: invalid version: unknown revision v1.0.1",
  ],
  [
    "resolve",
    "proxy-404-no-module",
    "go: module example.net/lib: reading https://proxy.example.org/example.net/lib/@v/list: 404 Not Found",
  ],
  [
    "resolve",
    "proxy-404-no-module",
    "go: example.net/lib@v1.0.1: reading https://proxy.example.org/example.net/lib/@v/v1.0.1.mod: 404 Not Found\n\tserver response: not found",
  ],
  [
    "resolve",
    "proxy-404-no-version",
    "go: example.net/lib@v1.0.1: reading https://nexus.corp/go/example.net/lib/@v/v1.0.1.mod: 404 Not Found\n\tserver response:\n\tmodule example.net/lib at version v1.0.1 was not found",
  ],
  ["resolve", "disallowed-retracted", 'go: example.net/lib@latest: no matching versions for query "latest"'],

  [
    "cache-corrupt",
    "empty-gomod",
    "go: verifying example.net/lib@v1.0.1/go.mod: checksum mismatch\n\tdownloaded: h1:G7mAYYxgmS0lVkHyy2hEOLQCFB0DlQFTMLWggykrydY=\n\tgo.sum:     h1:BBBB=\n\nSECURITY ERROR",
  ],
  [
    "cache-corrupt",
    "zip-truncated-local",
    "go: example.net/lib@v1.0.1: unzip /go/pkg/mod/cache/download/example.net/lib/@v/v1.0.1.zip: zip: not a valid zip file",
  ],
  [
    "cache-corrupt",
    "zip-crc-local",
    "-> unzip /go/pkg/mod/cache/download/example.net/lib/@v/v1.0.1.zip: zip: checksum error",
  ],
  ["cache-corrupt", "zip-invalid", "go: example.net/lib@v1.0.1: zip: not a valid zip file"],
  [
    "cache-corrupt",
    "extracted-file-missing",
    "# example.net/lib\n/go/pkg/mod/example.net/lib@v1.0.1/a.go: open /go/pkg/mod/example.net/lib@v1.0.1/a.go: no such file or directory",
  ],
  [
    "cache-corrupt",
    "extracted-file-truncated",
    "/go/pkg/mod/example.net/lib@v1.0.1/a.go:1:1: expected 'package', found 'EOF'",
  ],
  ["cache-corrupt", "extracted-file-nul", "/go/pkg/mod/example.net/lib@v1.0.1/a.go:1:1: invalid character U+0000"],
  ["cache-corrupt", "ziphash-empty", 'verifying example.net/lib@v1.0.1: unexpected ziphash: ""'],
  ["cache-corrupt", "ziphash-malformed", 'verifying example.net/lib@v1.0.1: unexpected ziphash: "h1:x"'],
  ["cache-corrupt", "ziphash-missing", "example.net/lib v1.0.1: missing ziphash: open hash: no such file or directory"],
  [
    "cache-corrupt",
    "verify-modified",
    "example.net/lib v1.0.1: zip has been modified (/go/pkg/mod/cache/download/example.net/lib/@v/v1.0.1.zip)",
  ],
  [
    "cache-corrupt",
    "zip-malformed-path",
    "go: example.net/lib@v1.0.1: create zip: a b?.txt: malformed file path \"a b?.txt\": invalid char '?'",
  ],
  [
    "cache-corrupt",
    "zip-unexpected-file",
    "go: example.net/lib@v1.0.1: zip for example.net/lib@v1.0.1 has unexpected file other/x.go",
  ],
  ["cache-corrupt", "gocache-stale-index", "go: loading module index: corrupt index: bad magic"],
  ["cache-corrupt", "gocache-could-not-import", "main.go:4:2: could not import fmt (open : no such file or directory)"],
  ["cache-corrupt", "gocache-poisoned-parse", "store.go:1:1: expected 'package', found 'EOF'"],
  [
    "cache-corrupt",
    "vcs-cache-objects",
    "go: example.net/lib@v1.0.1: reading example.net/lib/go.mod at revision v1.0.1: unknown revision refs/tags/v1.0.1",
  ],
  [
    "cache-corrupt",
    "sumdb-note-corrupt",
    "go: example.net/lib@v1.0.1: verifying module: initializing sumdb.Client: malformed note",
  ],
  ["cache-corrupt", "io-error", "go: open /go/pkg/mod/cache/download/x/@v/v1.mod: input/output error"],

  ["config", "gomodcache-unset", "go: module cache not found: neither GOMODCACHE nor GOPATH is set"],
  [
    "config",
    "gocache-home-unset",
    "build cache is required, but could not be located: GOCACHE is not defined and $HOME is not defined",
  ],
  ["config", "gomodcache-relative", 'go: GOMODCACHE entry is relative; must be absolute path: "m".'],
  [
    "config",
    "gocache-relative",
    "build cache is required, but could not be located: GOCACHE is not an absolute path".replace(
      "build cache is required, but could not be located: ",
      "go: ",
    ),
  ],
  ["config", "gopath-relative", 'go: GOPATH entry is relative; must be absolute path: "gp".'],
  ["config", "gopath-tilde", "go: GOPATH entry cannot start with shell metacharacter '~': \"~/x\""],
  ["config", "gomodcache-not-directory", 'go: could not create module cache: "/srv/m" is not a directory'],
  [
    "config",
    "gomodcache-symlink-loop",
    "go: could not create module cache: stat /m: too many levels of symbolic links",
  ],
  ["config", "gomodcache-dangling-symlink", "go: could not create module cache: mkdir /m: file exists"],
  ["config", "gocache-off", "build cache is disabled by GOCACHE=off, but required as of Go 1.12"],
  [
    "config",
    "gocache-home-wrong",
    "failed to initialize build cache at /root/Library/Caches/go-build: mkdir /root: read-only file system",
  ],
  ["config", "gopath-other-user", "package example.net/tool: mkdir /home/otto: permission denied"],
  [
    "config",
    "goproxy-empty-list",
    "go: example.net/lib@v1.0.1: GOPROXY list is not the empty string, but contains no entries",
  ],
  [
    "config",
    "goproxy-invalid",
    "go: example.net/lib@v1.0.1: invalid proxy URL scheme (must be https, http, file): ftp://x",
  ],
  [
    "config",
    "file-proxy-missing",
    "go: example.net/lib@v1.0.1: reading file:///mnt/goproxy/example.net/lib/@v/v1.0.1.mod: no such file or directory",
  ],
  ["config", "goproxy-off", "go: example.net/lib@v1.0.1: module lookup disabled by GOPROXY=off"],
  ["config", "gosumdb-invalid", "go: example.net/lib@v1.0.1: verifying go.mod: invalid GOSUMDB: malformed verifier id"],
  ["config", "goflags-bad", "go: parsing $GOFLAGS: unknown flag -modd"],
  [
    "config",
    "govcs-disallowed",
    "go: git.corp/x@v1.0.1: GOVCS disallows using git for private git.corp/x; see 'go help vcs'",
  ],
  ["config", "gotoolchain-invalid", 'go: cannot find "go1.22.3" in PATH'],
  ["config", "goroot-broken", "go: cannot find GOROOT directory: /opt/nogo"],
  [
    "config",
    "no-gomod",
    "go: cannot find main module, but found .git/config in /app\n\tto create a module there, run:\n\tgo mod init",
  ],
  [
    "config",
    "vendor-inconsistent",
    "go: inconsistent vendoring in /app:\n\texample.net/lib@v1.0.1: is explicitly required in go.mod, but not marked as explicit in vendor/modules.txt",
  ],
  [
    "config",
    "mod-readonly",
    "main.go:4:2: cannot find module providing package example.net/lib: import lookup disabled by -mod=vendor",
  ],
  [
    "config",
    "replace-dir-missing",
    "go: example.net/lib@v1.0.1 (replaced by ../lib): reading ../lib/go.mod: open /lib/go.mod: no such file or directory",
  ],
  [
    "config",
    "gopath-mode",
    'main.go:4:2: cannot find package "example.net/lib" in any of:\n\t/usr/local/go/src/example.net/lib (from $GOROOT)\n\t/go/src/example.net/lib (from $GOPATH)',
  ],
  ["config", "tmpdir-missing", "go: creating work dir: stat /no/tmp: no such file or directory"],

  ["config", "gopath-mode", "go: modules disabled inside GOPATH/src by GO111MODULE=auto; see 'go help modules'"],
  ["config", "gopath-mode", "go: cannot use path@version syntax in GOPATH mode"],
  [
    "config",
    "no-gomod",
    "cannot find module providing package example.net/lib: working directory is not part of a module",
  ],
  ["exec", "tool-missing", 'exec: "go": executable file not found in $PATH'],
  ["exec", "tool-missing", "/bin/sh: 1: go: not found"],
  ["exec", "toolchain-not-executable", "/bin/sh: 1: /usr/local/go/bin/go: Permission denied"],
  [
    "space",
    "enospc-tmp",
    "/usr/bin/ld: final link failed: No space left on device\ncollect2: error: ld returned 1 exit status",
  ],
  ["fs", "modcache-not-owned-by-uid", "could not create directory /go/pkg/mod/cache: permission denied"],
  ["exec", "noexec-tmp", "fork/exec /var/tmp/go-build12/b001/exe/main: permission denied"],
  ["exec", "exec-format-error", "fork/exec /tmp/go-build12/b001/exe/gen: exec format error"],
  ["exec", "bad-cpu-type", "fork/exec /usr/local/go/pkg/tool/darwin_arm64/asm: bad CPU type in executable"],
  [
    "exec",
    "toolchain-not-executable",
    "go: error obtaining buildID for go tool compile: fork/exec /opt/go/pkg/tool/linux_amd64/compile: permission denied",
  ],
  ["exec", "tool-missing", 'go: no such tool "compile"'],
  [
    "exec",
    "toolchain-binary-broken",
    "go: error obtaining buildID for go tool compile: fork/exec /usr/local/go/pkg/tool/linux_arm64/compile: invalid argument",
  ],
  [
    "exec",
    "cgo-compiler-missing",
    '# runtime/cgo\ncgo: C compiler "gcc" not found: exec: "gcc": executable file not found in $PATH',
  ],
  ["exec", "oom-killed", "example.net/app: /usr/local/go/pkg/tool/linux_amd64/link: signal: killed"],
  ["exec", "nproc-limit", "runtime: failed to create new OS thread (have 9 already; errno=11)"],
  [
    "exec",
    "vmem-limit",
    "go: error obtaining buildID for go tool compile: fork/exec /usr/local/go/pkg/tool/linux_amd64/compile: cannot allocate memory",
  ],
];

/** No failures of go's environment, whatever words they have. */
export const innocent: readonly string[] = [
  "tar: go/bin: Cannot mkdir: Permission denied\ntar: Exiting with failure status due to previous errors",
  "Got permission denied while trying to connect to the Docker daemon socket: dial unix /var/run/docker.sock: connect: permission denied",
  "error: open /root/.docker/config.json: permission denied",
  "fatal: not a git repository (or any of the parent directories): .git",
  "error: failed to push some refs to 'origin'",
  "# example.net/x\n/usr/bin/ld: cannot find -lfoo\ncollect2: error: ld returned 1 exit status",
  "=== RUN   TestDial\n    net_test.go:9: dial tcp 127.0.0.1:5432: connect: connection refused\n--- FAIL: TestDial (0.00s)\nFAIL\nFAIL\texample.net/app\t0.01s",
  "--- FAIL: TestWrite (0.00s)\n    fs_test.go:4: open /root/.cache/go-build/x: permission denied\nFAIL",
  "=== RUN   TestX\nmkdir /go/pkg/mod/cache/download: permission denied\n--- FAIL: TestX (0.00s)\nFAIL\texample.net/app\t0.1s",
  "panic: open /go/pkg/mod/cache/lock: permission denied\n\ngoroutine 1 [running]:\nmain.main()\n\t/app/main.go:9 +0x1d\nexit status 2",
  "2026/01/02 03:04:05 dial tcp: lookup db on 10.0.0.1:53: no such host\nexit status 1",
  'time="2026-01-02T03:04:05Z" level=error msg="open /var/lib/x: no space left on device"',
  '{"level":"error","msg":"x509: certificate signed by unknown authority","ts":1}',
  "# example.net/app\n./main.go:12:3: undefined: foo",
  './main.go:3:2: "os" imported and not used',
  "# example.net/app\nvet: ./main.go:3:2: undeclared name: permissionDenied",
  "package example.net/a\n\timports example.net/b\n\timports example.net/a: import cycle not allowed",
  "npm ERR! Error: EACCES: permission denied, mkdir '/usr/lib/node_modules'",
  "curl: (6) Could not resolve host: example.net",
  "wget: unable to resolve host address 'example.net'",
  "docker: Error response from daemon: pull access denied for x, repository does not exist",
  'Error response from daemon: failed to create task: exec: "/app": permission denied: unknown',
  "E: Could not open lock file /var/lib/dpkg/lock-frontend - open (13: Permission denied)",
  "go: downloading example.net/lib v1.0.1\nok  \texample.net/app\t0.2s",
  "go: warning: example.net/lib@v1.0.1: retracted by module author: oops",
  "all modules verified",
  "",
];
