package test.objects

import data.gomodcache
import data.system

_spec := {
	"initContainers": [{
		"name": "fill",
		"image": "golang:1.25",
		"command": ["go", "mod", "download"],
		"securityContext": {"runAsUser": 0},
		"volumeMounts": [{"name": "cache", "mountPath": "/go/pkg/mod"}],
	}],
	"containers": [{
		"name": "build",
		"image": "golang:1.25",
		"command": ["go", "get", "example.com/x"],
		"env": [{"name": "GOCACHE", "value": "/tmp/b"}],
		"securityContext": {"runAsUser": 1001},
		"volumeMounts": [{"name": "cache", "mountPath": "/go/pkg/mod"}],
	}],
	"volumes": [{"name": "cache", "emptyDir": {}}],
}

_rules(object) := {finding.rule | some finding in gomodcache.findings with input as object}

_expected := {"kubernetes-init-leaves-root-files"}

_objects := {
	"Pod": {"spec": _spec},
	"Job": {"spec": {"template": {"spec": _spec}}},
	"Deployment": {"spec": {"template": {"spec": _spec}}},
	"CronJob": {"spec": {"jobTemplate": {"spec": {"template": {"spec": _spec}}}}},
	"PodTemplate": {"template": {"spec": _spec}},
	"List": {"items": [{"kind": "Pod", "spec": _spec}]},
}

_object(kind) := object.union({"kind": kind}, _objects[kind])

test_every_kind if {
	every kind, _ in _objects { _rules(_object(kind)) == _expected }
}

# JSON would write the end of a line as a letter.
test_go_at_the_start_of_a_line if {
	init := object.union(_spec.initContainers[0], {"image": "x:1", "command": ["sh", "-c", "ls\ngo mod download"]})
	main := object.union(_spec.containers[0], {"image": "x:1", "command": ["sh", "-c", "ls\ngo get example.com/x"], "env": []})
	mounts := [{"name": "cache", "mountPath": "/root/pkg/mod"}]
	env := [{"name": "GOMODCACHE", "value": "/root/pkg/mod"}]
	spec := object.union(_spec, {
		"initContainers": [object.union(init, {"volumeMounts": mounts, "env": env})],
		"containers": [object.union(main, {"volumeMounts": mounts, "env": env})],
	})
	_rules({"kind": "Pod", "spec": spec}) == _expected
}

test_admission if {
	every kind, _ in _objects {
		_rules({"kind": "AdmissionReview", "request": {"uid": "1", "object": _object(kind)}}) == _expected
	}
}

test_gatekeeper if _rules({"review": {"object": _object("Job")}, "parameters": {}}) == _expected

test_ignored_with_a_reason if {
	ignoring := {"ignore.gomodcache.dev/kubernetes-init-leaves-root-files": "the image opens it"}
	_rules(object.union(_object("Pod"), {"metadata": {"annotations": ignoring}})) == set()
	blank := {"ignore.gomodcache.dev/kubernetes-init-leaves-root-files": ""}
	_rules(object.union(_object("Pod"), {"metadata": {"annotations": blank}})) == _expected
}

test_answer if {
	refused := system.main with input as {"request": {"uid": "1", "object": _object("Deployment")}}
	refused.response.uid == "1"
	refused.response.allowed == false
	contains(refused.response.status.message, "kubernetes-init-leaves-root-files: ")
	deleted := system.main with input as {"request": {"uid": "2", "operation": "DELETE", "object": null}}
	deleted.response == {"uid": "2", "allowed": true}
}

test_anything_else if {
	every object in [null, "x", 1, [], {}, {"kind": "Pod"}, {"kind": 1, "spec": {"containers": "go"}}] {
		_rules(object) == set()
		_rules({"request": {"object": object}}) == set()
	}
}
