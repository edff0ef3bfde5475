#!/usr/bin/env bash
# Builds the tools of others that judge what the project writes (opa, conftest, gator, actionlint, kustomize, and validate for Kubernetes,
# Tekton, Argo Workflows and compose), and prints the directory that they are in.
# It is kept under the user's cache directory, by what they were built of, so that they are built once a machine (6 to 8 minutes on 2 cores).
# With --path it only prints where the directory is, or would be.
set -euo pipefail
cd "$(dirname "$0")/../test/tools"

key=$(cat go.mod go.sum validate/*.go <(go env GOVERSION GOARCH) | sha256sum | cut -c1-16)
directory=${XDG_CACHE_HOME:-$HOME/.cache}/gomodcache-ci/tools-$key
if [[ ${1-} != --path && ! -d $directory ]]; then
  mkdir -p "${directory%/*}"
  GOFLAGS='-p=2 -mod=readonly' CGO_ENABLED=0 go build -trimpath -ldflags='-s -w' -o "$directory.$$/" \
    github.com/open-policy-agent/opa \
    github.com/open-policy-agent/conftest \
    github.com/open-policy-agent/gatekeeper/v3/cmd/gator \
    github.com/rhysd/actionlint/cmd/actionlint \
    sigs.k8s.io/kustomize/kustomize/v5 \
    ./validate >&2
  mv "$directory.$$" "$directory"
fi
echo "$directory"
