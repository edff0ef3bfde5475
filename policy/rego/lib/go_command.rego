# What a go command does to the caches, as far as its words tell.
package lib.gomodcache.go_command

import data.lib.gomodcache.run

_fetching := {"build", "test", "run", "install", "get", "vet", "list", "mod download", "mod tidy", "mod vendor"}

_compiling := {"build", "test", "run", "install", "vet"}

# at: its place among the container's commands. verb: build, mod download, …
of_container(container) := [object.union(go, {"at": at}) |
	some at, command in container.commands
	go := of_command(command)
]

of_command(command) := {
	"verb": verb,
	"rest": rest,
	"fetches": verb in _fetching,
	"compiles": verb in _compiling,
	"loads": _loads(verb, rest),
	"versioned": _is_versioned(verb, rest),
} if {
	count(command.words) > 0
	regex.match(`^go(1[.\d]+)?$`, run.program(command))
	words := _without_directory(array.slice(command.words, 1, count(command.words)))
	verb := _verb(words)
	rest := array.slice(words, count(split(verb, " ")), count(words))
}

# go -C DIR VERB, since Go 1.20.
_without_directory(words) := array.slice(words, 2, count(words)) if {
	words[0] == "-C"
} else := array.slice(words, 1, count(words)) if {
	startswith(words[0], "-C=")
} else := words

_verb(words) := concat(" ", [words[0], words[1]]) if {
	words[0] in {"mod", "work", "tool"}
} else := words[0]

# Whatever loads packages keeps their index in GOCACHE, since Go 1.19; with -m it does not.
default _loads(_, _) := false

_loads(verb, _) if verb in _compiling

_loads(verb, rest) if {
	verb in {"get", "list", "generate", "fix", "mod tidy", "mod vendor", "mod why"}
	every word in rest { not regex.match(`^--?m(=|$)`, word) }
}

default _is_versioned(_, _) := false

# Modules that no go.mod here names.
_is_versioned(verb, rest) if {
	verb in {"install", "run", "mod download"}
	some word in rest
	regex.match(`^[^-=]+@[^/\s]+$`, word)
}

# True if a flag is given, as -name, --name or with a value.
has_flag(go, name) if {
	some word in go.rest
	regex.match(sprintf(`^--?%s(=|$)`, [name]), word)
}

is_vendored(go) if has_flag(go, "mod=vendor")
