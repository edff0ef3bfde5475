package test.requirements

_job(init, annotations) := {"kind": "Job", "spec": {"template": {"metadata": {"annotations": annotations}, "spec": {
	"initContainers": [init],
	"containers": [{"name": "main", "image": "golang:1.25", "securityContext": {"runAsNonRoot": true}}],
	"volumes": [{"name": "cache", "emptyDir": {}}, {"name": "node", "hostPath": {"path": "/"}}],
}}}}

_rejected(init, annotations) if {
	count(data.requirements.deny) == 1 with input as _job(init, annotations)
}

_init(changes) := object.union(
	{
		"name": "own",
		"image": "alpine:3.22",
		"securityContext": {"runAsUser": 0},
		"command": ["sh", "-c", "chown -R 1001:1001 /cache && chmod -R u+rwx,g+rx,o= /cache"],
		"volumeMounts": [{"name": "cache", "mountPath": "/cache"}],
	},
	changes,
)

test_the_init_container_that_only_hands_over_is_excepted if {
	not _rejected(_init({}), {})
	not _rejected(_init({"command": ["chown", "-R", "1001:1001", "/cache"]}), {})
	not _rejected(_init({"securityContext": {"runAsUser": 0, "capabilities": {"drop": ["ALL"], "add": ["CHOWN"]}}}), {})
}

test_more_than_handing_over_is_not if {
	every changes in [
		{"command": ["sh", "-c", "chown -R 1001 /cache && go mod download"]},
		{"command": ["sh", "-c", "chown -R 1001 /cache > /cache/log"]},
		{"command": ["sh", "-c", "chown -R 1001 /cache; chmod u+s /cache/sh"]},
		{"command": ["sh", "-c", "chown -R 1001 /cache; chmod u=rwx,u+s /cache/sh"]},
		{"command": ["sh", "-c", "chown -R 1001 /cache; chmod 4755 /cache/sh"]},
		{"command": ["sh", "-c", "chown -R 1001 /cache; chmod 0006755 /cache/sh"]},
		{"command": ["/cache/chown", "-R", "1001", "/cache"]},
		{"command": ["sh", "-c", "chmod -R 777 /cache"]},
		{"command": []},
		{"image": "example.org/tools:1"},
		{"env": [{"name": "LD_PRELOAD", "value": "/cache/x.so"}]},
		{"envFrom": [{"secretRef": {"name": "s"}}]},
		{"lifecycle": {"postStart": {"exec": {"command": ["id"]}}}},
		{"restartPolicy": "Always"},
		{"securityContext": {"runAsUser": 0, "privileged": true}},
		{"securityContext": {"runAsUser": 0, "capabilities": {"add": ["SYS_ADMIN"]}}},
		{"volumeMounts": [{"name": "node", "mountPath": "/cache"}]},
		{"volumeMounts": [{"name": "cache", "mountPath": "/usr/bin"}]},
		{"volumeMounts": [{"name": "unknown", "mountPath": "/cache"}]},
		{"volumeMounts": [{"name": "cache", "mountPath": "/$X"}]},
	] {
		_rejected(_init(changes), {})
	}
}

test_an_annotation_with_a_reason_is_an_exception if {
	init := _init({"image": "example.org/tools:1"})
	_rejected(init, {"gomodcache.dev/root-own": ""})
	_rejected(init, {"gomodcache.dev/root-main": "another container"})
	not _rejected(init, {"gomodcache.dev/root-own": "the claim is root's until this has run"})
}

_contexts(pod, main) := {"kind": "Pod", "spec": {"securityContext": pod, "containers": [{"name": "a", "image": "b:1", "securityContext": main}]}}

test_what_is_in_force_counts if {
	count(data.requirements.deny) == 0 with input as _contexts({"runAsNonRoot": true}, {})
	count(data.requirements.deny) == 0 with input as _contexts({}, {"runAsNonRoot": true})
	count(data.requirements.deny) == 1 with input as _contexts({"runAsNonRoot": true}, {"runAsNonRoot": false})
	count(data.requirements.deny) == 1 with input as _contexts({"runAsNonRoot": true}, {"runAsUser": 0})
	count(data.requirements.deny) == 1 with input as _contexts({"runAsUser": 1001}, {})
}

test_ephemeral_containers_count if {
	count(data.requirements.deny) == 1 with input as {"kind": "Pod", "spec": {
		"containers": [{"name": "a", "image": "b:1", "securityContext": {"runAsNonRoot": true}}],
		"ephemeralContainers": [{"name": "debug", "image": "b:1"}],
	}}
}

_pull(image, policy) := {"kind": "Pod", "spec": {
	"securityContext": {"runAsNonRoot": true},
	"containers": [object.union({"name": "a", "image": image}, policy)],
}}

test_tags_that_move_are_pulled if {
	count(data.requirements.deny) == 1 with input as _pull("nginx:stable", {})
	count(data.requirements.deny) == 1 with input as _pull("nginx", {"imagePullPolicy": "IfNotPresent"})
	count(data.requirements.deny) == 0 with input as _pull("nginx", {})
	count(data.requirements.deny) == 0 with input as _pull("registry.example.org:5000/nginx:latest", {})
	count(data.requirements.deny) == 0 with input as _pull("nginx:stable", {"imagePullPolicy": "Always"})
	count(data.requirements.deny) == 0 with input as _pull("nginx:1.29", {"imagePullPolicy": "IfNotPresent"})
}
