# fsGroup as a cure for a Go cache: it gives a group but no group write, and on a claim it takes Go's write protection away.
package lib.gomodcache.rules.kubernetes_fsgroup_on_go_cache

import data.lib.gomodcache.container
import data.lib.gomodcache.go_cache
import data.lib.gomodcache.handover
import data.lib.gomodcache.pods

id := "kubernetes-fsgroup-on-go-cache"

# One group, one finding: that of the first volume that it is wrong for.
findings contains {"rule": id, "severity": "warning", "message": messages[0]} if {
	some pod in go_cache.pods_with_caches
	not pods.ignores(pod, id)
	group := pod.spec.securityContext.fsGroup
	is_number(group)
	messages := [message | some cache in pod.caches; message := _message(cache, pod, group)]
}

_message(cache, pod, group) := sprintf(
	"fsGroup %d opens the module cache on \"%s\" at every start: Go's 0444 files become 0664 and its 0555 directories 2775",
	[group, cache.name],
) if {
	_is_walked(cache, pod)
} else := sprintf(
	"fsGroup %d does not let %s write what %s makes: under umask 022 the group may only read",
	[group, container.title(pair[1]), container.title(pair[0])],
) if {
	pods.volume_kind(pod, cache.name) == "emptyDir"
	pair := _writers_apart(cache)
}

# The kubelet walks a claim before each start, unless it is told to look at the top only.
_is_walked(cache, pod) if {
	pods.volume_kind(pod, cache.name) == "persistentVolumeClaim"
	"modules" in cache.holds
	not pod.spec.securityContext.fsGroupChangePolicy == "OnRootMismatch"
	some user in cache.users
	not user.mount.read_only
}

# Two containers that write the volume under UIDs that are known and different, of which the second is not root.
_writers_apart(cache) := pairs[0] if {
	writers := [user.container |
		some user in cache.users
		user.container.uid
		count(handover.writes(user.container, user.mount)) > 0
		not _sets_umask(user.container)
	]
	pairs := [[first, other] |
		some i, first in writers
		some j, other in writers
		j > i
		other.uid != first.uid
		other.uid != 0
	]
}

_sets_umask(of) if {
	some command in of.commands
	command.words[0] == "umask"
}
