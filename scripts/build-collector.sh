#!/usr/bin/env bash
# Builds the OpenTelemetry Collector that the tests of the telemetry send to, and prints the path of the program.
# It is kept under the user's cache directory, by what it was built of, so that it is built once a machine (2 to 3 minutes).
# With --path it only prints where the program is, or would be.
set -euo pipefail
cd "$(dirname "$0")/../test/collector"

key=$(cat go.mod go.sum main.go <(go env GOVERSION GOARCH) | sha256sum | cut -c1-16)
directory=${XDG_CACHE_HOME:-$HOME/.cache}/gomodcache-ci/collector-$key
if [[ ${1-} != --path && ! -x $directory/otelcol ]]; then
  mkdir -p "$directory"
  GOFLAGS='-p=2 -mod=readonly' CGO_ENABLED=0 go build -trimpath -ldflags='-s -w' -o "$directory/otelcol.$$" . >&2
  mv "$directory/otelcol.$$" "$directory/otelcol"
fi
echo "$directory/otelcol"
