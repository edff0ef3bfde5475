# An image whose tag moves, kept by each node as it first came: pods of one Job differ in go and in users.
package lib.gomodcache.rules.kubernetes_mutable_tag_if_not_present

import data.lib.gomodcache.container
import data.lib.gomodcache.go_cache
import data.lib.gomodcache.image
import data.lib.gomodcache.pods

id := "kubernetes-mutable-tag-if-not-present"

findings contains {"rule": id, "severity": "advice", "message": message} if {
	some pod in go_cache.pods_with_caches
	not pods.ignores(pod, id)
	some of in pod.containers
	go_cache.concerns_go(of)
	of.raw.imagePullPolicy == "IfNotPresent"
	image.is_mutable(of.image)
	message := sprintf(
		"%s takes %s as each node happens to have it: the tag moves, and IfNotPresent never asks again",
		[container.title(of), of.image],
	)
}
