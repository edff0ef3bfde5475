# A root init container fills the cache, and what it leaves cannot be written by the UID that goes on.
package lib.gomodcache.rules.kubernetes_init_leaves_root_files

import data.lib.gomodcache.container
import data.lib.gomodcache.go_cache
import data.lib.gomodcache.handover
import data.lib.gomodcache.pods

id := "kubernetes-init-leaves-root-files"

findings contains {"rule": id, "severity": "error", "message": messages[0]} if {
	some pod in go_cache.pods_with_caches
	not pods.ignores(pod, id)
	some cache in pod.caches
	some init in cache.users
	init.container.role == "init"
	init.container.uid == 0
	messages := [message | some hurt in cache.users; message := _message(init, hurt, cache, pod)]
}

_message(init, hurt, cache, pod) := sprintf(
	"%s fills the cache as root, and in %s %s as uid %d: permission denied",
	[container.title(by), container.title(other), need.words, other.uid],
) if {
	[by, other] := [init.container, hurt.container]
	other.at > by.at
	other.uid != 0
	made := handover.writes(by, init.mount)
	last := made[count(made) - 1]
	not handover.gives_away(by, init.mount, last, array.slice(pod.containers, by.at + 1, other.at))
	need := handover.need(other, hurt.mount, made, cache)
}
