# Root without its capabilities is told to give the cache away: chown fails, whatever id says.
package lib.gomodcache.rules.kubernetes_root_without_capabilities

import data.lib.gomodcache.container
import data.lib.gomodcache.go_cache
import data.lib.gomodcache.path
import data.lib.gomodcache.pods
import data.lib.gomodcache.run

id := "kubernetes-root-without-capabilities"

findings contains {"rule": id, "severity": "error", "message": messages[0]} if {
	some pod in go_cache.pods_with_caches
	not pods.ignores(pod, id)
	some of in pod.containers
	of.uid == 0
	not container.is_privileged(of)
	lost := _lost(of)
	"CAP_CHOWN" in lost
	messages := [message |
		some at, command in of.commands
		_changes_owner(command, at, of, pod)
		message := sprintf(
			"%s is root without %s: %s of the cache fails with \"Operation not permitted\"",
			[container.title(of), concat(", ", lost), run.program(command)],
		)
	]
}

# What changing owners and then modes of a tree takes (capabilities(7)): files of others are closed to root too.
_lost(of) := [sprintf("CAP_%s", [name]) |
	add := container.capabilities(of, "add")
	not "ALL" in add
	some name in ["CHOWN", "DAC_OVERRIDE", "FOWNER"]
	not name in add
	count({"ALL", name} & container.capabilities(of, "drop")) > 0
]

_mounts(of, pod) := [user.mount |
	some cache in pod.caches
	some user in cache.users
	user.container.at == of.at
]

_changes_owner(command, _, of, pod) if {
	_is_ours(command, of)
	count(_mounts(of, pod)) > 0
	regex.match(`-init$`, run.program(command))
}

_changes_owner(command, _, of, pod) if {
	_is_ours(command, of)
	count(_mounts(of, pod)) > 0
	command.words[1] in {"init", "fix"}
}

_changes_owner(command, at, of, pod) if {
	not _is_ours(command, of)
	run.program(command) == "chown"
	operands := run.operands(command)

	# What belongs to root already stays with root.
	not regex.match(`^(0|root)(:(0|root)?)?$`, operands[0])
	some i, word in operands
	i > 0
	_is_of_cache(word, run.environment(of, at), _mounts(of, pod))
}

_is_ours(_, of) if go_cache.is_ours_image(of)

_is_ours(command, _) if go_cache.is_ours(command)

_is_of_cache(word, env, mounts) if {
	some mount in mounts
	path.covers(mount.path, path.of_word(word, env))
}

# A path with .. in it is not followed here.
_is_of_cache(word, env, mounts) if {
	count(mounts) > 0
	not contains(word, "..")
	not path.of_word(word, env)
	path.names_cache(word)
}
