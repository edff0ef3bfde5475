# Which volumes of a pod hold Go's caches, and where go looks for them in a container.
package lib.gomodcache.go_cache

import data.lib.gomodcache.go_command
import data.lib.gomodcache.image
import data.lib.gomodcache.path
import data.lib.gomodcache.pods

# As go/build and cmd/go find them; null is what only the image or the cluster knows. A UID that the image's passwd does not have gets
# HOME=/ from the container runtime.
places(of, env) := {
	"modules": _read(of, env, "GOMODCACHE", _below(gopath, "pkg/mod")),
	"builds": _read(of, env, "GOCACHE", _below(_read(of, env, "XDG_CACHE_HOME", _below(home, ".cache")), "go-build")),
	"temporary": _read(of, env, "GOTMPDIR", _read(of, env, "TMPDIR", "/tmp")),
} if {
	home := home_of(of, env)
	gopath := _first(_read(of, env, "GOPATH", _gopath(of, home)))
}

_read(of, env, name, otherwise) := env[name] if {
	env[name] != ""
} else := null if {
	of.open_env
} else := otherwise

# HOME of a command: what is set, else what the runtime takes from the image's passwd, / for a UID that is not in it.
home_of(of, env) := _read(of, env, "HOME", _home(of))

_home(of) := "/root" if {
	_user(of) == 0
	image.family(of.image)
} else := null if {
	_user(of) == 0
} else := "/" if {
	runs_official_image(of)
} else := null

# True if a UID that the official golang image has no account for runs in it: those of Debian and Alpine are below 1000, but for nobody's.
runs_official_image(of) if {
	of.uid >= 1000
	of.uid != 65534
	image.family(of.image) == "golang"
}

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
	[{"volume": mount.volume, "part": mount.part, "what": what} |
		some [what, names] in [["modules", {"GOMODCACHE", "GOPATH"}], ["builds", {"GOCACHE"}]]
		_tells(of, names)
		mount := mount_at(of, places(of, of.env)[what])
	],
	[{"volume": mount.volume, "part": mount.part, "what": what} |
		some mount in of.mounts
		some [what, pattern] in [["modules", `/pkg/mod(/|$)`], ["builds", `/go-build(/|$)`]]
		regex.match(pattern, mount.path)
	],
)

# The volumes, or subdirectories of volumes, that some container uses as a Go cache, each with what it holds and who mounts it, in the order of the containers.
_volumes(pod) := [cache |
	added := [one | some of in pod.containers; some one in _adds(of)]
	places := [[one.volume, one.part] | some one in added]
	some i, place in places
	not place in array.slice(places, 0, i)
	cache := {
		"name": place[0],
		"holds": {one.what | some one in added; [one.volume, one.part] == place},
		"users": [{"container": of, "mount": mount} |
			some of in pod.containers
			some mount in of.mounts
			[mount.volume, mount.part] == place
		],
	}
]

# The pods that say something about Go, with their caches, which every rule asks for.
pods_with_caches := [object.union(pod, {"caches": _volumes(pod)}) | some pod in pods.pods]

# True if the container runs go, or is gomodcache.
concerns_go(of) if _runs(of)

concerns_go(of) if is_ours_image(of)

concerns_go(of) if {
	some command in of.commands
	is_ours(command)
}

is_ours_image(of) if regex.match(`(^|/)gomodcache(-init)?([:@]|$)`, of.image)

is_ours(command) if regex.match(`(^|/)gomodcache(-init)?$`, command.words[0])
