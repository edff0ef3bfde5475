# What is known of well-known images without pulling them. Of others nothing is said.
package lib.gomodcache.image

_distributions := {
	"alpine", "almalinux", "amazonlinux", "archlinux", "buildpack-deps", "busybox", "centos", "debian", "fedora", "opensuse",
	"oraclelinux", "rockylinux", "ubi8", "ubi9", "ubi8-minimal", "ubi9-minimal", "ubuntu",
}

_tagged(reference) := split(reference, "@")[0]

_path(reference) := regex.replace(_tagged(reference), `:[^/:]*$`, "")

_tag(reference) := substring(_tagged(reference), count(_path(reference)) + 1, -1)

_name(reference) := regex.replace(_path(reference), `^.*/`, "")

_is_windows(reference) if regex.match(`windows|nanoserver`, _tag(reference))

# Mirrors of the official images keep the name; others that are called golang do not keep its ways.
_is_mirrored(reference) if _path(reference) == _name(reference)

_is_mirrored(reference) if regex.match(`(^|/)library/[^/]+$`, _path(reference))

# golang, distroless, distribution or scratch.
family("scratch") := "scratch"

family(reference) := "golang" if {
	reference != "scratch"
	_name(reference) == "golang"
	_is_mirrored(reference)
	not _is_windows(reference)
} else := "distroless" if {
	regex.match(`(^|/)distroless/`, _path(reference))
	not _is_windows(reference)
} else := "distribution" if {
	_name(reference) in _distributions
	_is_official(reference)
	not _is_windows(reference)
}

_is_official(reference) if _is_mirrored(reference)

_is_official(reference) if startswith(_name(reference), "ubi")

# True if the image sets no user of its own.
is_root(reference) if family(reference) in {"golang", "distribution", "scratch"}

is_root(reference) if {
	family(reference) == "distroless"
	not contains(_tag(reference), "nonroot")
}

# Tags that are made to move with every push. A version moves too, but rarely.
_moving := {
	"latest", "stable", "edge", "main", "master", "trunk", "dev", "develop", "nightly", "canary", "tip", "alpine",
	"bookworm", "bullseye", "trixie",
}

is_mutable(reference) if {
	not contains(reference, "@")
	regex.match(`^[\w./:-]+$`, reference)
	tags := regex.find_all_string_submatch_n(`:([\w.-]+)$`, reference, 1)
	tag := array.concat([tag | some [_, tag] in tags], ["latest"])[0]
	tag in _moving
}
