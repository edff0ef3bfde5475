# Absolute paths as texts.
package lib.gomodcache.path

# True if one is the other, or above it.
covers("/", _)

covers(above, path) if above == path

covers(above, path) if startswith(path, concat("", [above, "/"]))

related(a, b) if covers(a, b)

related(a, b) if covers(b, a)

# Without ".", double slashes and a slash at the end; a glob stands for its directory. Undefined with "..": a rule cannot be recursive.
tidy(path) := concat("", ["/", concat("/", [part | some i, part in parts; i < _globbed(parts)])]) if {
	parts := [part | some part in split(path, "/"); not part in {"", "."}]
	not ".." in parts
}

_globbed(parts) := min(array.concat(
	[i | some i, part in parts; regex.match(`[*?\[]`, part)],
	[count(parts)],
))

# The path that a word names, with a variable at its start that is known; undefined if it is not known, or not absolute.
of_word(word, env) := tidy(whole) if {
	whole := _expanded(word, env)
	not regex.match("[$`]", whole)
	startswith(whole, "/")
}

_expanded(word, env) := concat("", [env[name], rest]) if {
	[[_, a, b, c, rest]] := regex.find_all_string_submatch_n(`^(?:\$\((\w+)\)|\$\{(\w+)\}|\$(\w+))(.*)$`, word, 1)
	name := concat("", [a, b, c])
	is_string(env[name])
} else := word if {
	not startswith(word, "$")
}

_variables := `^\$(?:(GOMODCACHE|GOCACHE|GOPATH)\b|\{(GOMODCACHE|GOCACHE|GOPATH)\b[^}]*\})(/.*)?$`

_asked := concat("", [
	`^(?:\$\(\s*(?:\S*/)?go env (GOMODCACHE|GOCACHE|GOPATH)\s*\)`,
	"|`(?:\\S*/)?go env (GOMODCACHE|GOCACHE|GOPATH)`)(/.*)?$",
])

# True if a word names one of go's caches, or a directory that holds one.
names_cache(word) if {
	some pattern in [_variables, _asked]
	[[_, a, b, rest]] := regex.find_all_string_submatch_n(pattern, word, 1)
	_is_cache(concat("", [a, b]), rest)
}

names_cache(word) if {
	not regex.match(_variables, word)
	not regex.match(_asked, word)
	regex.match(`(^|/)pkg/mod(/|$)|(^|/)\.cache/go-build(/|$)|^(~|\$\{?HOME\}?)/go(/|/pkg/?)?$`, word)
}

_is_cache(name, _) if name != "GOPATH"

_is_cache("GOPATH", rest) if regex.match(`^/?\*?$|^/pkg(/|$)`, rest)
