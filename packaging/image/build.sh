#!/usr/bin/env bash
# Builds the image with buildah, from an executable of scripts/build-executables.sh: packaging/image/build.sh TAG [BUILDAH OPTION...]
# With --context DIRECTORY it only lays out what the Containerfile copies.
set -euo pipefail
cd "$(dirname "$0")/../.."

fill() {
  cp executables/gomodcache-linux-x64 "$1/gomodcache"
  # A script, not a second copy of the program.
  # shellcheck disable=SC2016
  printf '#!/bin/sh\nexec "${0%%-init}" init "$@"\n' >"$1/gomodcache-init"
  cp -r dist/man "$1/man"
}
if [[ ${1-} == --context ]]; then
  fill "$2"
  exit
fi
tag=${1:?usage: packaging/image/build.sh TAG [BUILDAH OPTION...]}
shift
context=$(mktemp -d)
trap 'rm -r "$context"' EXIT
fill "$context"
buildah bud -t "$tag" "$@" -f packaging/image/Containerfile "$context"
