# The pods of what a policy is asked about: a plain manifest, an AdmissionReview, or a review of Gatekeeper.
package lib.gomodcache.pods

import data.lib.gomodcache.container

reviewed := input.review.object if {
	input.review.object
} else := input.request.object if {
	input.request.object
} else := input

_items(one) := one if {
	is_array(one)
} else := one.items if {
	is_object(one)
	is_array(one.items)
} else := []

_below(objects) := [item | some one in objects; some item in _items(one)]

_level_1 := _below([reviewed])

_level_2 := _below(_level_1)

_level_3 := _below(_level_2)

# Lists of lists are read this deep, as lint does: a rule cannot be recursive.
objects := [one | some level in [[reviewed], _level_1, _level_2, _level_3, _below(_level_3)]; some one in level]

_spec(one) := one.spec if {
	one.kind == "Pod"
} else := one.spec.jobTemplate.spec.template.spec if {
	_is_other_kind(one)
	one.spec.jobTemplate.spec.template.spec
} else := one.spec.template.spec if {
	_is_other_kind(one)
	one.spec.template.spec
} else := one.template.spec if {
	_is_other_kind(one)
	one.template.spec
}

_is_other_kind(one) if {
	is_string(one.kind)
	one.kind != "Pod"
}

# Without one of these words lint does not look at a manifest either.
_interesting := concat("", [
	`\b(?:go|gomodcache(?:-init)?|GO(?:MODCACHE|CACHE|PATH|FLAGS|SUMDB|NOSUMDB|NOSUMCHECK|PRIVATE|INSECURE)`,
	`|GIT_SSL_NO_VERIFY|go-build)\b|golang`,
])

_has_containers(spec) if is_array(spec.containers)

_has_containers(spec) if is_array(spec.initContainers)

# What is not about Go too.
every_pod := [pod |
	some one in objects
	spec := _spec(one)
	_has_containers(spec)
	pod := {
		"annotations": object.union(_annotations(one), _annotations(_template(one))),
		"containers": container.of_spec(spec),
		"spec": spec,
	}
]

# The pods that say something about Go, each with its spec, its containers in the order in which they start, and its annotations.
pods := [pod | some pod in every_pod; _is_about_go(pod)]

_is_about_go(pod) if {
	some value
	walk(pod.spec, [_, value])
	is_string(value)
	regex.match(_interesting, value)
}

_template(one) := one.spec.jobTemplate.spec.template if {
	one.spec.jobTemplate.spec.template
} else := one.spec.template if {
	one.spec.template
} else := object.get(one, "template", {})

_annotations(one) := one.metadata.annotations if {
	is_object(one.metadata.annotations)
} else := {}

# The reason that an annotation gives; undefined if it gives none.
reason(pod, annotation) := given if {
	given := trim_space(pod.annotations[annotation])
	given != ""
}

# True if the pod says why a rule is not for it: the annotation ignore.gomodcache.dev/RULE with a reason.
ignores(pod, rule) if reason(pod, sprintf("ignore.gomodcache.dev/%s", [rule]))

# The volume of a name; of two the last one counts.
volume(pod, name) := found[count(found) - 1] if {
	found := [one | some one in pod.spec.volumes; one.name == name]
}

# emptyDir, hostPath, persistentVolumeClaim, …
volume_kind(pod, name) := kind if {
	[kind] := [key | some key, _ in volume(pod, name); key != "name"]
}
