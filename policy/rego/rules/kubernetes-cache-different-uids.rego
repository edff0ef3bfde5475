# Containers of one pod write one Go cache as different users, and none gives its files to the other.
package lib.gomodcache.rules.kubernetes_cache_different_uids

import data.lib.gomodcache.container
import data.lib.gomodcache.go_cache
import data.lib.gomodcache.handover
import data.lib.gomodcache.pods

id := "kubernetes-cache-different-uids"

# One cause is one finding: the first container of the volume that is hurt.
findings contains {"rule": id, "severity": "error", "message": messages[0]} if {
	some pod in go_cache.pods_with_caches
	not pods.ignores(pod, id)
	some cache in pod.caches
	messages := [message |
		some hurt in cache.users
		some maker in cache.users
		message := _message(maker, hurt, cache, pod)
	]
}

_message(maker, hurt, cache, pod) := sprintf(
	"%s fills the cache as uid %d, and in %s %s as uid %d: permission denied",
	[container.title(by), by.uid, container.title(other), need.words, other.uid],
) if {
	[by, other] := [maker.container, hurt.container]
	by.uid != other.uid

	# Root writes everywhere; a root init container has a rule of its own.
	other.uid != 0
	not _is_root_init(by)
	not _is_over(by, other)
	made := handover.writes(by, maker.mount)
	last := made[count(made) - 1]
	not handover.gives_away(by, maker.mount, last, array.slice(pod.containers, by.at + 1, max([by.at + 1, other.at])))
	need := handover.need(other, hurt.mount, made, cache)
}

_is_root_init(by) if {
	by.uid == 0
	by.role == "init"
}

_is_over(by, other) if {
	other.at < by.at
	other.role == "init"
}
