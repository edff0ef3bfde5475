# Every container must be kept from running as root: also init containers and those that kubectl debug adds.
package lib.gomodcache.requirements.require_run_as_non_root

import data.lib.gomodcache.container
import data.lib.gomodcache.handing_over
import data.lib.gomodcache.pods

id := "require-run-as-non-root"

findings contains {"rule": id, "severity": "error", "message": message} if {
	some pod in pods.every_pod
	some of in pod.containers
	not _is_kept(of)
	not handing_over.is_all(of, pod)
	not pods.reason(pod, sprintf("gomodcache.dev/root-%s", [of.name]))
	message := sprintf(
		"%s may run as root: set runAsNonRoot: true, or give the reason in an annotation gomodcache.dev/root-%s",
		[container.title(of), of.name],
	)
}

# What is in force, as the kubelet sees it; with runAsUser: 0 it would refuse to start the container.
_is_kept(of) if {
	of.non_root == true
	not of.uid == 0
}
