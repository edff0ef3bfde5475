package test.run

import data.lib.gomodcache.run

_shell(script) := run.of_container({"command": ["sh", "-c", script]})

_words(script) := [command.words | some command in _shell(script).commands]

test_a_list_is_one_command if {
	run.of_container({"command": ["go"], "args": ["mod", 7]}).commands == [{"words": ["go", "mod", "7"], "sets": {}}]
	run.of_container({}).commands == []
	not run.of_container({}).opaque
}

test_a_script_of_plain_commands_is_read if {
	_words("cd /src && go mod download; ls\n\n# all of it\n\tgo build ./...") == [
		["cd", "/src"], ["go", "mod", "download"], ["ls"], ["go", "build", "./..."],
	]
	_words(`mkdir -p "$GOMODCACHE" '/a/b' "${X}"`) == [["mkdir", "-p", "$GOMODCACHE", "/a/b", "${X}"]]
	_words("exec go vet || exit 1") == [["go", "vet"], ["exit", "1"]]
}

test_what_is_set_is_told if {
	_shell("export A=/a B=$C D; E=f go vet").commands == [
		{"words": ["export", "D"], "sets": {"A": "/a", "B": null}},
		{"words": ["go", "vet"], "sets": {"E": "f"}},
	]
}

test_what_takes_a_shell_to_read_is_opaque if {
	every script in [
		"if true; then go vet; fi", "go vet > /dev/null", "go vet | cat", "go vet &", "go get $(cat list)", "go get `cat list`",
		"go build 'a b'", `go build "a b"`, "go build a\\ b", "rm /cache/*", "(go vet)", "{ go vet; }", "! go vet",
		"cat <<EOF\ngo vet\nEOF", "sudo go vet", "sh -c true", "env A=b go vet", "[ -d /a ] && go vet", "a+=b go vet",
		"echo a # go vet", "echo {a,b}", `echo "a`, "local A=b", "f() { go vet; }",
	] {
		_shell(script) == {"commands": [], "opaque": true}
	}
	run.of_container({"command": ["sudo", "go", "vet"]}).opaque
}

test_options_and_operands if {
	command := {"words": ["chown", "-hR", "a", "--", "-b", "--"], "sets": {}}
	run.options(command) == ["-hR"]
	run.operands(command) == ["a", "-b", "--"]
	run.is_recursive(command)
	not run.is_recursive({"words": ["chown", "a", "--", "-R"], "sets": {}})
}

test_environment_is_that_of_the_command if {
	container := object.union({"env": {"A": "pod", "B": "pod"}}, _shell("A=own go vet; export B=all; go vet; B=late"))
	run.environment(container, 0) == {"A": "own", "B": "pod"}
	run.environment(container, 2) == {"A": "pod", "B": "all"}
}
