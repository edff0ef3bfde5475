# GOCACHE or GOMODCACHE, often by way of HOME, is where the container's UID cannot write in the official image.
package lib.gomodcache.rules.kubernetes_cache_not_writable

import data.lib.gomodcache.container
import data.lib.gomodcache.go_cache
import data.lib.gomodcache.go_command
import data.lib.gomodcache.path
import data.lib.gomodcache.pods
import data.lib.gomodcache.run

id := "kubernetes-cache-not-writable"

# The first command of a container that cannot write. A read-only root file system has a rule of its own.
findings contains {"rule": id, "severity": "error", "message": messages[0]} if {
	some pod in go_cache.pods_with_caches
	not pods.ignores(pod, id)
	some of in pod.containers
	go_cache.runs_official_image(of)
	not of.raw.securityContext.readOnlyRootFilesystem == true
	messages := [message |
		some go in go_command.of_container(of)
		closed := _closed(go, of)
		message := sprintf(
			"%s: %s is %s%s: go %s cannot write there",
			[container.title(of), closed.name, closed.path, _since(closed, of, go), go.verb],
		)
	]
}

_closed(go, of) := {"name": "GOCACHE", "path": builds} if {
	go.loads
	builds := go_cache.places(of, run.environment(of, go.at)).builds
	_is_roots(builds, of)
} else := {"name": "GOMODCACHE", "path": modules} if {
	_adds(go)
	not go_command.is_vendored(go)
	modules := go_cache.places(of, run.environment(of, go.at)).modules
	_is_roots(modules, of)
}

_adds(go) if go.verb in {"get", "mod download"}

_adds(go) if go.versioned

# What everybody may write in the official image (docker-library/golang makes /go 1777, its bases the others), or the runtime makes.
_open := ["/go", "/tmp", "/var/tmp", "/dev/shm", "/run", "/proc", "/sys", "/dev", "/var/run", "/var/lock"]

# A directory at the top that the image does not have cannot be made either.
_is_roots(place, of) if {
	is_string(place)
	startswith(place, "/")
	not go_cache.mount_at(of, place)
	every open in _open { not path.covers(open, place) }
}

_since(closed, of, go) := sprintf(", since uid %d is not in the image's /etc/passwd and its HOME is therefore /", [of.uid]) if {
	closed.name == "GOCACHE"
	startswith(closed.path, "/.cache/")
	go_cache.home_of(of, run.environment(of, go.at)) == "/"
	not "HOME" in object.keys(of.env)
} else := ""
