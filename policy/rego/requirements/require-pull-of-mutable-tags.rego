# An image whose tag moves must be asked for at each start. Nothing of it is about users: it is about which image runs, and who may pull it.
package lib.gomodcache.requirements.require_pull_of_mutable_tags

import data.lib.gomodcache.container
import data.lib.gomodcache.image
import data.lib.gomodcache.pods

id := "require-pull-of-mutable-tags"

findings contains {"rule": id, "severity": "error", "message": message} if {
	some pod in pods.every_pod
	some of in pod.containers
	image.is_mutable(of.image)
	not _is_pulled(of)
	message := sprintf(
		"%s takes %s, a tag that moves, from the node: set imagePullPolicy: Always, or name a version or digest",
		[container.title(of), of.image],
	)
}

_is_pulled(of) if of.raw.imagePullPolicy == "Always"

# The default for the tag latest, and for none.
_is_pulled(of) if {
	not of.raw.imagePullPolicy
	regex.match(`^[^:@]*(:\d+/[^:@]+)?(:latest)?$`, of.image)
}
