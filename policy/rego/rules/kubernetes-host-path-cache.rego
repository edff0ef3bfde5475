# A Go cache in a directory of the node: whoever came first owns it, and every pod of the node shares it.
package lib.gomodcache.rules.kubernetes_host_path_cache

import data.lib.gomodcache.container
import data.lib.gomodcache.go_cache
import data.lib.gomodcache.pods

id := "kubernetes-host-path-cache"

findings contains {"rule": id, "severity": "warning", "message": message} if {
	some pod in go_cache.pods_with_caches
	not pods.ignores(pod, id)
	some cache in pod.caches
	pods.volume_kind(pod, cache.name) == "hostPath"

	# Whoever only reads it takes what the node's administrator put there.
	writers := [user.container | some user in cache.users; not user.mount.read_only]

	# Root writes everywhere; who is hurt is another one.
	hurt := [of | some of in writers; of.uid != 0]
	message := sprintf(
		"The Go cache \"%s\" of %s is a hostPath: the node's directory belongs to root or to whoever came first, and fsGroup is ignored",
		[cache.name, container.title(array.concat(hurt, writers)[0])],
	)
}
