package test.lib

import data.lib.gomodcache.container
import data.lib.gomodcache.go_cache
import data.lib.gomodcache.go_command
import data.lib.gomodcache.image
import data.lib.gomodcache.path
import data.lib.gomodcache.pods

_spec := {
	"securityContext": {"runAsUser": 5, "runAsNonRoot": true},
	"initContainers": [{"name": "side", "restartPolicy": "Always"}, {"name": "first", "securityContext": {"runAsUser": 0}}],
	"containers": [{
		"name": "main",
		"image": "golang:1.25",
		"command": ["go", "build"],
		"env": [{"name": "A", "value": "$(B)"}, {"name": "C", "value": "d"}, {"name": "C", "value": "e"}],
		"volumeMounts": [
			{"name": "v", "mountPath": "/go/pkg/mod/"}, {"name": "v", "mountPath": "/go", "subPath": "b"},
			{"name": "w", "mountPath": "relative"},
		],
	}],
	"ephemeralContainers": [{"name": "debug"}],
}

test_containers_come_in_the_order_of_their_start if {
	found := container.of_spec(_spec)
	[[one.name, one.role, one.uid, one.at] | some one in found] == [
		["side", "sidecar", 5, 0], ["first", "init", 0, 1], ["main", "main", 5, 2], ["debug", "ephemeral", 5, 3],
	]
	found[2].env == {"A": null, "C": "e"}
	[[mount.path, mount.part] | some mount in found[2].mounts] == [["/go/pkg/mod", ""], ["/go", "b"]]
	container.title(found[0]) == `sidecar "side"`
	container.title(found[3]) == `ephemeral container "debug"`
}

test_capabilities_are_in_capitals if {
	one := {"raw": {"securityContext": {"capabilities": {"drop": ["all", "CAP_CHOWN"]}}}}
	container.capabilities(one, "drop") == {"ALL", "CHOWN"}
	container.capabilities(one, "add") == set()
}

_kinds := {
	"Pod": {"kind": "Pod", "spec": _spec},
	"Job": {"kind": "Job", "spec": {"template": {"spec": _spec}}},
	"CronJob": {"kind": "CronJob", "spec": {"jobTemplate": {"spec": {"template": {"spec": _spec}}}}},
	"PodTemplate": {"kind": "PodTemplate", "template": {"spec": _spec}},
	"List": {"kind": "List", "items": [{"kind": "List", "items": [{"kind": "Deployment", "spec": {"template": {"spec": _spec}}}]}]},
	"list": [{"kind": "StatefulSet", "spec": {"template": {"spec": _spec}}}],
}

test_pods_of_every_kind_are_found if {
	every object in _kinds {
		count(pods.pods) == 1 with input as object
	}
}

test_pods_of_reviews_are_found if {
	count(pods.pods) == 1 with input as {"kind": "AdmissionReview", "request": {"operation": "CREATE", "object": _kinds.Job}}
	count(pods.pods) == 1 with input as {"review": {"object": _kinds.Job}, "parameters": {}}
	count(pods.pods) == 0 with input as {"kind": "AdmissionReview", "request": {"operation": "DELETE", "object": null}}
}

test_nothing_breaks_on_what_is_no_manifest if {
	every value in [null, 7, "x", [], {}, {"kind": "Pod"}, {"kind": "Pod", "spec": {"containers": [null, 7, {}]}}] {
		data.gomodcache.deny == set() with input as value
		data.gomodcache.warn == set() with input as value
	}
}

_ignoring(annotations) := {"kind": "Job", "spec": {"template": {"metadata": {"annotations": annotations}, "spec": _bad}}}

_bad := {
	"securityContext": {"runAsUser": 1001, "runAsNonRoot": true},
	"containers": [{"name": "a", "image": "golang:1.25", "command": ["go", "build"]}],
}

test_an_annotation_with_a_reason_holds_a_rule_back if {
	name := "ignore.gomodcache.dev/kubernetes-cache-not-writable"
	count(data.gomodcache.deny) == 1 with input as _ignoring({})
	count(data.gomodcache.deny) == 1 with input as _ignoring({name: " "})
	count(data.gomodcache.deny) == 0 with input as _ignoring({name: "the image makes the directory"})
}

test_paths if {
	path.covers("/go", "/go/pkg")
	path.covers("/", "/go")
	not path.covers("/go", "/gopher")
	path.tidy("//a/./b/") == "/a/b"
	path.tidy("/a/b*/c") == "/a"
	not path.tidy("/a/../b")
	path.of_word("$(A)/x", {"A": "/a"}) == "/a/x"
	not path.of_word("$A/x", {"A": null})
	not path.of_word("/x$A", {"A": "/a"})
	path.names_cache("${GOPATH}/pkg/mod")
	path.names_cache("/home/app/.cache/go-build/x")
	not path.names_cache("$GOPATH/bin")
	not path.names_cache("/pkg/model")
}

test_images if {
	image.family("docker.io/library/golang:1.25@sha256:0") == "golang"
	image.family("gcr.io/distroless/static:nonroot") == "distroless"
	not image.is_root("gcr.io/distroless/static:nonroot")
	not image.family("example.org/golang:1.25")
	not image.family("golang:1.25-windowsservercore")
	image.is_mutable("registry.example.org:5000/tools/go")
	image.is_mutable("golang:alpine")
	not image.is_mutable("golang:1.25")
	not image.is_mutable("golang:$TAG")
	not image.is_mutable("golang@sha256:0")
}

test_go_commands if {
	go := go_command.of_command({"words": ["/usr/local/go/bin/go", "-C", "/src", "mod", "download", "-x"], "sets": {}})
	[go.verb, go.fetches, go.compiles, go.rest] == ["mod download", true, false, ["-x"]]
	go_command.of_command({"words": ["go", "run", "example.com/x@v1"], "sets": {}}).versioned
	not go_command.of_command({"words": ["golangci-lint", "run"], "sets": {}})
}

test_places_of_go if {
	one := {"image": "golang:1.25", "uid": 1001, "open_env": false, "env": {}}
	go_cache.places(one, {}) == {"modules": "/go/pkg/mod", "builds": "/.cache/go-build", "temporary": "/tmp"}
	go_cache.places(one, {"HOME": "/h", "GOPATH": "/a:/b", "TMPDIR": null}) == {
		"modules": "/a/pkg/mod", "builds": "/h/.cache/go-build", "temporary": null,
	}
	go_cache.places(object.union(one, {"open_env": true}), {}).builds == null
}
