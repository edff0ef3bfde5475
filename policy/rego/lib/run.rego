# What a container runs, as far as fields tell it without a shell's grammar: a command in a list, or a script of plain commands.
# Everything else is opaque, and rules say nothing that depends on it. Where this reads a script, it reads it as a shell does.
package lib.gomodcache.run

# commands: each with its words and what it sets, in order. opaque: true if the words tell less than a shell would make of them.
of_container(raw) := _parsed(_words(raw))

_words(raw) := [_word(one) | some one in array.concat(_list(raw, "command"), _list(raw, "args")); one != null]

_list(raw, name) := raw[name] if {
	is_array(raw[name])
} else := []

_word(one) := one if {
	is_string(one)
} else := sprintf("%v", [one]) if {
	is_number(one)
} else := "$unknown"

_parsed([]) := {"commands": [], "opaque": false}

_parsed(words) := _script(script) if {
	script := _script_of(words)
} else := {"commands": [], "opaque": true} if {
	count(words) > 0
	base(words[0]) in _wrappers
} else := {"commands": [{"words": words, "sets": {}}], "opaque": false} if {
	count(words) > 0
}

# The last component of a program's path; empty if it is not written out.
base(word) := "" if {
	contains(word, "$")
} else := regex.replace(word, `^.*/`, "")

_shell := `(^|/)(ba|da|k|a)?sh$`

_script_of(words) := words[at + 1] if {
	regex.match(_shell, words[0])
	at := min([i | some i, word in words; regex.match(`^-[a-z]*c$`, word)])
}

# A word in quotes that has no blank, no escape and no substitution in it is the same without the quotes.
_plain(script) := regex.replace(
	regex.replace(
		regex.replace(script, `(?m)^[ \t]*#[^\n]*$`, ""),
		`"([\w./:@%+,=-]*(?:\$\w+|\$\{\w+\})?[\w./:@%+,=-]+|\$\w+|\$\{\w+\})"`, "$1",
	),
	`'([\w./:@%+,=-]+)'`, "$1",
)

_separator := `&&|\|\||;|\n`

# Letters, paths, variables and what parts commands from each other: nothing of it is quoted, expanded to several words or redirected.
_is_plain(text) if regex.match(`^(?:[\w./:@%+,= \t\n-]|\$\w+|\$\{\w+\}|&&|\|\||;)*$`, text)

_script(script) := {"commands": commands, "opaque": false} if {
	text := _plain(replace(script, "\r\n", "\n"))
	_is_plain(text)
	commands := [_command(tokens) |
		some part in regex.split(_separator, text)
		tokens := regex.split(`[ \t]+`, trim(part, " \t"))
		tokens != [""]
	]
	every command in commands { _is_simple(command) }
} else := {"commands": [], "opaque": true}

_assignment := `^[A-Za-z_]\w*=`

# Assignments stand before the program, or behind export.
_command(tokens) := {"words": words, "sets": _sets(assigned)} if {
	first := min(array.concat(
		[i | some i, token in tokens; not regex.match(_assignment, token)],
		[count(tokens)],
	))
	rest := _without_exec(array.slice(tokens, first, count(tokens)))
	behind := {i | some i, token in rest; rest[0] == "export"; regex.match(_assignment, token)}
	words := [word | some i, word in rest; not i in behind]
	assigned := array.concat(array.slice(tokens, 0, first), [word | some i, word in rest; i in behind])
}

# Of exec nothing is left but what it becomes.
_without_exec(words) := array.slice(words, 1, count(words)) if {
	words[0] == "exec"
	not startswith(words[1], "-")
} else := words

_sets(assignments) := object.union_n([{name: _known(value)} |
	some one in assignments
	at := indexof(one, "=")
	name := substring(one, 0, at)
	value := substring(one, at + 1, -1)
])

_known(value) := null if {
	contains(value, "$")
} else := value

_is_simple(command) if count(command.words) == 0

_is_simple(command) if {
	words := command.words
	not base(words[0]) in _wrappers
	not words[0] in _reserved
	not regex.match(_shell, words[0])
	not contains(words[0], "=")
}

# What runs another program, or a script that is not looked into here.
_wrappers := {
	"chpst", "command", "doas", "env", "exec", "gosu", "ionice", "nice", "nohup", "runuser", "setpriv", "setsid", "stdbuf",
	"su", "su-exec", "sudo", "time", "timeout", "xargs",
}

# Words of the shell's grammar, and what declares variables in other ways than export.
_reserved := {
	"case", "coproc", "declare", "do", "done", "elif", "else", "esac", "fi", "for", "function", "if", "local", "readonly",
	"select", "then", "typeset", "until", "while",
}

# The arguments that are no options, and the options, until --.
operands(command) := [word |
	some i, word in command.words
	i > 0
	i != _end(command)
	not _is_option(command, i)
]

options(command) := [word |
	some i, word in command.words
	_is_option(command, i)
]

_end(command) := min(array.concat(
	[i | some i, word in command.words; i > 0; word == "--"],
	[count(command.words)],
))

_is_option(command, i) if {
	i > 0
	i < _end(command)
	startswith(command.words[i], "-")
	command.words[i] != "-"
}

# True for -R, also within a cluster such as -hR, and for --recursive.
is_recursive(command) if {
	some option in options(command)
	regex.match(`^(--recursive|-[A-Za-z]*R[A-Za-z]*)$`, option)
}

program(command) := base(command.words[0])

# The variables that a command sees: the container's, those that the script exported before, its own.
environment(container, at) := object.union_n(array.concat(
	[container.env],
	[one.sets | some i, one in container.commands; _is_seen(i, one, at)],
))

_is_seen(at, _, at)

_is_seen(i, one, at) if {
	i < at
	_is_for_all(one)
}

_is_for_all(command) if count(command.words) == 0

_is_for_all(command) if command.words[0] == "export"
