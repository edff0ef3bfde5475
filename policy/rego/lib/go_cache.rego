# Which volumes of a pod hold Go's caches, and where go looks for them in a container.
package lib.gomodcache.go_cache

import data.lib.gomodcache.go_command
import data.lib.gomodcache.image
import data.lib.gomodcache.path

# As go/build and cmd/go find them; null is what only the image or the cluster knows. A UID that the image's passwd does not have gets
# HOME=/ from the container runtime.
places(of, env) := {
	"modules": _read(of, env, "GOMODCACHE", _below(gopath, "pkg/mod")),
	"builds": _read(of, env, "GOCACHE", _below(_read(of, env, "XDG_CACHE_HOME", _below(home, ".cache")), "go-build")),
	"temporary": _read(of, env, "GOTMPDIR", _read(of, env, "TMPDIR", "/tmp")),
} if {
	home := _read(of, env, "HOME", _home(of))
	gopath := _first(_read(of, env, "GOPATH", _gopath(of, home)))
}

_read(of, env, name, otherwise) := env[name] if {
	env[name] != ""
} else := null if {
	of.open_env
} else := otherwise

_home(of) := "/root" if {
	image.family(of.image)
	_user(of) == 0
} else := "/" if {
	image.family(of.image) == "golang"
} else := null

_user(of) := of.uid if {
	of.uid
} else := 0 if {
	image.is_root(of.image)
}

_gopath(of, home) := "/go" if {
	image.family(of.image) == "golang"
} else := _below(home, "go")

_below(null, _) := null

_below(base, rest) := path.tidy(concat("/", [base, rest])) if {
	is_string(base)
	not ".." in split(base, "/")
} else := null

_first(null) := null

_first(list) := split(list, ":")[0] if is_string(list)

# The mount that a path is on; undefined if it is on the container's own file system.
mount_at(of, place) := found[0] if {
	is_string(place)
	above := [mount | some mount in of.mounts; path.covers(mount.path, place)]
	longest := max([count(mount.path) | some mount in above])
	found := [mount | some mount in above; count(mount.path) == longest]
}

_runs(of) if count(go_command.of_container(of)) > 0

# Without a go command only what is set for go tells that it is go's.
_tells(of, _) if _runs(of)

_tells(of, names) if {
	some name in names
	name in object.keys(of.env)
}

_adds(of) := array.concat(
	[{"volume": volume, "what": what} |
		some [what, names] in [["modules", {"GOMODCACHE", "GOPATH"}], ["builds", {"GOCACHE"}]]
		_tells(of, names)
		volume := mount_at(of, places(of, of.env)[what]).volume
	],
	[{"volume": mount.volume, "what": what} |
		some mount in of.mounts
		some [what, pattern] in [["modules", `/pkg/mod(/|$)`], ["builds", `/go-build(/|$)`]]
		regex.match(pattern, mount.path)
	],
)

# The volumes that some container uses as a Go cache, each with what it holds and who mounts it, in the order of the containers.
volumes(pod) := [cache |
	added := [one | some of in pod.containers; some one in _adds(of)]
	names := [one.volume | some one in added]
	some i, name in names
	not name in array.slice(names, 0, i)
	cache := {
		"name": name,
		"holds": {one.what | some one in added; one.volume == name},
		"users": [{"container": of, "mount": mount} |
			some of in pod.containers
			some mount in of.mounts
			mount.volume == name
		],
	}
]

# True if the container runs go, or is gomodcache.
concerns_go(of) if _runs(of)

concerns_go(of) if is_ours_image(of)

concerns_go(of) if {
	some command in of.commands
	is_ours(command)
}

is_ours_image(of) if regex.match(`(^|/)gomodcache(-init)?([:@]|$)`, of.image)

is_ours(command) if regex.match(`(^|/)gomodcache(-init)?$`, command.words[0])
