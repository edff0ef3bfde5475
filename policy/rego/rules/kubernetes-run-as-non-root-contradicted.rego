# runAsNonRoot that the user contradicts, so that the container is not even started; or missing where the user is a number anyway.
package lib.gomodcache.rules.kubernetes_run_as_non_root_contradicted

import data.lib.gomodcache.container
import data.lib.gomodcache.go_cache
import data.lib.gomodcache.pods

id := "kubernetes-run-as-non-root-contradicted"

findings contains {"rule": id, "severity": "error", "message": message} if {
	some pod in go_cache.pods_with_caches
	not pods.ignores(pod, id)
	_concerns_go(pod)
	some of in pod.containers
	_is_contradicted(of)
	message := sprintf(
		"%s has runAsUser: 0 under runAsNonRoot: true: the kubelet refuses to start it",
		[container.title(of)],
	)
}

# Only where every number is written and none is root's: then the demand costs nothing.
findings contains {"rule": id, "severity": "advice", "message": message} if {
	some pod in go_cache.pods_with_caches
	not pods.ignores(pod, id)
	_concerns_go(pod)
	user := pod.spec.securityContext.runAsUser
	is_number(user)
	user != 0
	every of in pod.containers {
		of.uid != 0
		not _has_demand(of)
	}
	message := sprintf("The pod runs as uid %d, but nothing demands it: runAsNonRoot is missing", [user])
}

_concerns_go(pod) if {
	some of in pod.containers
	go_cache.concerns_go(of)
}

_concerns_go(pod) if count(pod.caches) > 0

# The kubelet looks at what is in force (pkg/kubelet/kuberuntime/security_context.go, verifyRunAsNonRoot).
_is_contradicted(of) if {
	of.uid == 0
	of.non_root == true
}

_has_demand(of) if of.non_root == true

_has_demand(of) if of.non_root == false
