# An emptyDir whose mode closes the Go cache on it to a container that is not root.
package lib.gomodcache.rules.kubernetes_empty_dir_mode

import data.lib.gomodcache.container
import data.lib.gomodcache.go_cache
import data.lib.gomodcache.handover
import data.lib.gomodcache.image
import data.lib.gomodcache.pods

id := "kubernetes-empty-dir-mode"

findings contains {"rule": id, "severity": "error", "message": messages[0]} if {
	some pod in go_cache.pods_with_caches
	not pods.ignores(pod, id)

	# The kubelet gives fsGroup's group all rights to the directory (pkg/volume/volume_linux.go, SetVolumeOwnership).
	not pod.spec.securityContext.fsGroup
	some cache in pod.caches
	mode := pods.volume(pod, cache.name).emptyDir.mode
	is_number(mode)

	# The largest that the API server takes (KEP-5502): permission bits and the sticky bit.
	mode <= 1023
	not _lets_write(mode)
	messages := [message |
		some user in cache.users
		user.mount.part == ""
		_is_other(user.container, pod, mode)
		count(handover.writes(user.container, user.mount)) > 0
		message := sprintf(
			"The emptyDir \"%s\" has mode %s and belongs to root: %s cannot write its Go cache there as uid %d",
			[cache.name, sprintf("%04o", [mode]), container.title(user.container), user.container.uid],
		)
	]
}

# Write and enter, of the last three bits.
_lets_write(mode) if bits.and(mode, 3) == 3

# True if neither the owner's bits nor the group's are the container's: its user is not root, and its groups are known not to be.
_is_other(of, _, mode) if {
	of.uid != 0
	not _lets_write(bits.rsh(mode, 3))
}

# Without runAsGroup it is the group that the image's passwd says, or root's. Images may have users in root's group.
_is_other(of, pod, _) if {
	of.uid != 0
	of.gid != 0
	image.family(of.image)
	not pod.spec.securityContext.supplementalGroups
}
