# go in a container whose root file system is read-only, without a volume for what it must write.
package lib.gomodcache.rules.kubernetes_read_only_root_without_cache

import data.lib.gomodcache.container
import data.lib.gomodcache.go_cache
import data.lib.gomodcache.go_command
import data.lib.gomodcache.image
import data.lib.gomodcache.pods
import data.lib.gomodcache.run

id := "kubernetes-read-only-root-without-cache"

# The first command of a container that has nowhere to write.
findings contains {"rule": id, "severity": "error", "message": messages[0]} if {
	some pod in go_cache.pods_with_caches
	not pods.ignores(pod, id)
	some of in pod.containers

	# Without an image it is a patch: the volumes are in what it is applied to.
	of.image != ""
	of.raw.securityContext.readOnlyRootFilesystem == true
	messages := [message |
		some go in go_command.of_container(of)
		closed := _closed(go, of)
		count(closed) > 0
		message := sprintf(
			"%s runs go %s with a read-only root file system, and no volume is mounted for %s",
			[container.title(of), go.verb, concat(", ", closed)],
		)
	]
}

# What the command must write and cannot.
_closed(go, of) := [sprintf("%s (%s)", [name, place]) |
	places := go_cache.places(of, run.environment(of, go.at))
	some [name, key] in [["TMPDIR", "temporary"], ["GOCACHE", "builds"], ["GOMODCACHE", "modules"]]
	_writes(go, of, name)
	place := places[key]
	is_string(place)
	startswith(place, "/")
	not _is_writable(of, place)
]

_is_writable(of, place) if go_cache.mount_at(of, place).read_only == false

_writes(go, _, "TMPDIR") if go.compiles

_writes(go, _, "GOCACHE") if go.loads

# Other images may have the modules in them; the official one has none.
_writes(go, of, "GOMODCACHE") if {
	image.family(of.image) == "golang"
	not go_command.is_vendored(go)
	_adds(go)
}

_adds(go) if go.verb in {"get", "mod download"}

_adds(go) if go.versioned
