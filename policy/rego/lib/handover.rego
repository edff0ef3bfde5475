# What one container leaves in a Go cache for another one with a different UID.
package lib.gomodcache.handover

import data.lib.gomodcache.go_cache
import data.lib.gomodcache.go_command
import data.lib.gomodcache.path
import data.lib.gomodcache.run

# The commands of a container that make files on a mount as the container's user: at, into and, unless files are copied, go.
writes(of, mount) := [] if {
	mount.read_only
} else := [write |
	some at, command in of.commands
	write := _write(of, mount, at, command)
]

_write(of, mount, at, command) := {"at": at, "go": go, "into": into} if {
	go := go_command.of_command(command)
	places := go_cache.places(of, run.environment(of, at))
	into := {what |
		some what in ["modules", "builds"]
		_makes(go, what)
		go_cache.mount_at(of, places[what]) == mount
	}
	count(into) > 0
}

_write(of, mount, at, command) := {"at": at, "into": {"modules"}} if {
	count(command.words) > 0
	not go_command.of_command(command)
	target := path.of_word(_copy_target(command), run.environment(of, at))
	path.covers(mount.path, target)
}

_makes(go, "modules") if {
	go.fetches
	not go_command.is_vendored(go)
}

_makes(go, "modules") if {
	go_command.has_flag(go, "modcache")
	not go_command.is_vendored(go)
}

_makes(go, "builds") if go.compiles

_copy_target(command) := operands[count(operands) - 1] if {
	run.program(command) in {"cp", "rsync", "mv"}
	operands := run.operands(command)
	not _keeps_no_mode(command)
}

_copy_target(command) := command.words[at + 1] if {
	run.program(command) == "tar"
	contains(command.words[1], "x")
	at := min([i | some i, word in command.words; word in {"-C", "--directory"}])
}

_keeps_no_mode(command) if {
	run.program(command) == "cp"
	some option in run.options(command)
	startswith(option, "--no-preserve=m")
}

# True if something after the last write gives the tree to another user, or could. later: the containers between the two.
gives_away(writer, _, _, _) if {
	some command in writer.commands
	_opens_umask(command)
}

gives_away(writer, mount, last, _) if {
	some at, _ in writer.commands
	at > last.at
	_changes_access(writer, mount, at)
}

gives_away(_, mount, _, later) if {
	some of in later
	of.role == "init"
	there := [one | some one in of.mounts; one.volume == mount.volume][0]
	_may_change(of, there)
}

# What an image or a script that is not read here does is not known.
_may_change(of, _) if count(of.commands) == 0

_may_change(of, there) if {
	some at, _ in of.commands
	_changes_access(of, there, at)
}

_opens_umask(command) if {
	command.words[0] == "umask"
	regex.match(`^(0?0?0?[02]|u=rwx,g=rwx.*)$`, command.words[1])
}

_changes_access(of, _, at) if regex.match(`\.(sh|bash|py)$|^\./|^\$`, of.commands[at].words[0])

_changes_access(of, _, at) if run.program(of.commands[at]) == "make"

_changes_access(of, _, _) if go_cache.is_ours_image(of)

_changes_access(of, _, at) if go_cache.is_ours(of.commands[at])

_changes_access(of, _, at) if {
	run.program(of.commands[at]) == "find"
	regex.match(`chown|chmod|chgrp`, concat(" ", of.commands[at].words))
}

_changes_access(of, mount, at) if {
	command := of.commands[at]
	run.program(command) in {"chown", "chgrp", "chmod", "setfacl"}
	run.is_recursive(command)
	_gives_write(command)
	some i, word in run.operands(command)
	i > 0
	_may_be_in(word, run.environment(of, at), mount)
}

_gives_write(command) if run.program(command) != "chmod"

_gives_write(command) if regex.match(`^[0-7]?[0-7][2367][0-7]$|[goa].*[+=].*w`, run.operands(command)[0])

_may_be_in(word, _, _) if path.names_cache(word)

# A path that is not told may be this one.
_may_be_in(word, env, _) if not path.of_word(word, env)

_may_be_in(word, env, mount) if path.related(path.of_word(word, env), mount.path)

# Why a container must write what another one made on the mount, and whether that is certain; undefined if it could do with reading it.
need(of, mount, made, _) := array.concat(hard, soft)[0] if {
	not mount.read_only
	not of.opaque
	own := writes(of, mount)
	hard := [one | some write in own; one := _hard(write, made)]
	soft := [one | some write in own; some one in _soft(write, made)]
	count(hard) + count(soft) > 0
}

need(of, mount, _, cache) := {"words": words, "certain": false} if {
	not mount.read_only
	not of.opaque
	count(of.commands) == 0
	name := _variable(cache)
	go_cache.mount_at(of, of.env[name]) == mount
	words := sprintf("its %s is there, where it must be able to add", [name])
}

_variable(cache) := "GOMODCACHE" if {
	"modules" in cache.holds
} else := "GOCACHE"

_meet(write, made, what) if {
	what in write.into
	some one in made
	what in one.into
}

_hard(write, made) := {"words": "copies into it", "certain": false} if {
	not write.go
} else := {"words": "go clean -modcache must delete from it", "certain": true} if {
	_meet(write, made, "modules")
	write.go.verb == "clean"
} else := {"words": sprintf("go %s must add modules to it", [write.go.verb]), "certain": true} if {
	_meet(write, made, "modules")
	_adds(write.go)
}

_adds(go) if go.verb == "get"

_adds(go) if go.versioned

_soft(write, made) := array.concat(
	[{"words": sprintf("go %s must add what is missing in it", [write.go.verb]), "certain": false} |
		_meet(write, made, "modules")
		_finds_gaps(write.go, made)
	],
	[{"words": sprintf("go %s must write its results beside the others", [write.go.verb]), "certain": false} |
		_meet(write, made, "builds")
	],
)

_finds_gaps(go, _) if go.verb == "mod tidy"

_finds_gaps(_, made) if {
	every one in made { not _fills(one) }
}

_fills(write) if write.go.verb == "mod vendor"

# Without the name of a module go takes all that go.mod needs.
_fills(write) if {
	write.go.verb == "mod download"
	every word in write.go.rest { regex.match(`^-|^all$`, word) }
}
