#!/usr/bin/env bash
# Builds single executables of what `npm run build` left in dist, which need no Node, with Bun (MIT): `bun build --compile`.
# Usage: scripts/build-executables.sh [TARGET...]; without a target, all. They are written to executables/gomodcache-TARGET.
# Bun's own programs are packages of npm, one a target (35 to 60 MB each); npm checks them against the hashes below, and they are kept under
# the user's cache directory. One of this machine is run; those of the other targets are only copied from.
# With --path TARGET it only prints where the executable is, or would be.
set -euo pipefail
cd "$(dirname "$0")/.."

version=1.4.5
all=(linux-x64 linux-arm64 linux-x64-musl linux-arm64-musl darwin-x64 darwin-arm64)
if [[ ${1-} == --path ]]; then
  echo "$PWD/executables/gomodcache-$2"
  exit
fi
[[ -e dist/executable.js ]] || { echo "build-executables: run npm run build first" >&2; exit 1; }
targets=("$@")
((${#targets[@]})) || targets=("${all[@]}")
cache=${XDG_CACHE_HOME:-$HOME/.cache}/gomodcache-ci/bun-$version

# The SHA-512 of a package, as its registry and a lock file have it: the same bytes for everybody.
hash_of() {
  case $1 in
    linux-x64) echo sha512-IWX9BELoGHAUtMonkeSaNaZwXzRk+oDw6Mk+HBFXd3KHYIBNBsIGRupMZPcgNoDbJpLu6gAJjIoIVPZtt1aJ1g== ;;
    linux-arm64) echo sha512-4BXmsSKnjOrlGWqZV4x/oWa7AVoR+B6lCXddMzOAXBIm3t50eslg9wb66gmtW1AamEQ1l1CDvmmruysEhqOWMg== ;;
    linux-x64-musl) echo sha512-10QoW/YfTgnURaGEaHpJCiXjLI2e5iTtfVDaA5JKcyUzaa1cq6cVUY9/Uq5XkYzvtRjHLRe9Oj/lTDIQcxy8HQ== ;;
    linux-arm64-musl) echo sha512-XCNc+WvvMAdNNb+OWTogpy+N9wm62fkVeEVLb6how0RZhW5LPi6c7BlkeVCuWps7XjEl2saFpHFa20/1E+PAHg== ;;
    darwin-x64) echo sha512-qkLPMGHZM9NI6CeHTWwVezzmlo6cC4Ta7yUAjYIWXS366qQcOlcp75t2uZyiuVRBMPS0h9qE0tCcvCHGaFqjJg== ;;
    darwin-arm64) echo sha512-4MIFXHmctH2EhAxLXm2/qxNtv17dFtLJylvaOCsrgq6KSqHTs6eW5YSrJjRbJxYUJaR901fsN8JfZOa+CsWpWQ== ;;
    *) echo "build-executables: there is no target $1: there are ${all[*]}" >&2; return 1 ;;
  esac
}

# bun TARGET: fetches Bun for a target, without its install scripts, and prints where it is.
bun() {
  local program=$cache/$1 name=${1/arm64/aarch64} fresh wanted got
  wanted=$(hash_of "$1")
  if [[ ! -x $program ]]; then
    mkdir -p "$cache"
    fresh=$(mktemp -d "$cache/fetch.XXXXXX")
    npm pack --silent --ignore-scripts --pack-destination "$fresh" "@oven/bun-$name@$version" >/dev/null
    got=sha512-$(openssl dgst -sha512 -binary "$fresh"/*.tgz | base64 -w 0 2>/dev/null || openssl dgst -sha512 -binary "$fresh"/*.tgz | base64)
    [[ $got == "$wanted" ]] || { echo "build-executables: @oven/bun-$name@$version is not what it was: $got" >&2; rm -r "$fresh"; return 1; }
    tar -xzf "$fresh"/*.tgz -C "$fresh" package/bin/bun
    mv "$fresh/package/bin/bun" "$program"
    rm -r "$fresh"
  fi
  echo "$program"
}

own=$(uname -sm)
case $own in
  "Linux x86_64") own=linux-x64 ;;
  "Linux aarch64") own=linux-arm64 ;;
  "Darwin x86_64") own=darwin-x64 ;;
  "Darwin arm64") own=darwin-arm64 ;;
  *) echo "build-executables: there is no Bun for $own" >&2; exit 1 ;;
esac
if [[ -e /etc/alpine-release ]]; then own+=-musl; fi

# The runtime must read nothing of the directory that it is started in: a user's .env, bunfig.toml or package.json could change what root runs.
flags=(--compile --minify --bytecode --format=esm
  --no-compile-autoload-dotenv --no-compile-autoload-bunfig --no-compile-autoload-tsconfig --no-compile-autoload-package-json)
mkdir -p executables
# What is embedded keeps its path: the pages of explain stand beside the bundle.
stage=$(mktemp -d)
trap 'rm -r "$stage"' EXIT
mkdir "$stage/docs"
cp -r dist/. "$stage"
cp -r docs/rules docs/causes "$stage/docs"
program=$(bun "$own")
for target in "${targets[@]}"; do
  source=$(bun "$target")
  (
    cd "$stage"
    "$program" build "${flags[@]}" --target "bun-$target" --compile-executable-path "$source" --root . \
      executable.js checkout/look-worker.js tree/walk-worker.js tree/change-worker.js tree/watch-worker.js verify/check-worker.js \
      --asset docs --outfile gomodcache >&2
  )
  mv "$stage/gomodcache" "executables/gomodcache-$target"
  echo "executables/gomodcache-$target"
done
