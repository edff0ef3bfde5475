# A container of a pod: who it is, what it sets, mounts and runs. What the manifest does not tell is absent: the image decides.
package lib.gomodcache.container

import data.lib.gomodcache.run

# Init containers first, in the order in which they start.
of_spec(spec) := [object.union(one, {"at": at}) |
	all := [_read(raw, kind, spec) |
		some [name, kind] in [["initContainers", "init"], ["containers", "main"], ["ephemeralContainers", "ephemeral"]]
		some raw in _list(spec, name)
	]
	some at, one in all
]

_list(from, name) := [one | some one in from[name]; is_object(one)] if {
	is_array(from[name])
} else := []

_read(raw, list, spec) := object.union_n([
	{
		"raw": raw,
		"name": object.get(raw, "name", "?"),
		"role": _role(raw, list),
		"image": _image(raw),
		"env": _env(raw),
		"open_env": is_open(raw),
		"mounts": _mounts(raw),
	},
	run.of_container(raw),
	{"uid": value | value := _in_force(raw, spec, "runAsUser"); is_number(value)},
	{"gid": value | value := _in_force(raw, spec, "runAsGroup"); is_number(value)},
	{"non_root": value | value := _in_force(raw, spec, "runAsNonRoot"); is_boolean(value)},
])

# A sidecar is an init container that goes on running.
_role(raw, "init") := "sidecar" if {
	raw.restartPolicy == "Always"
} else := "init"

_role(_, "main") := "main"

_role(_, "ephemeral") := "ephemeral"

_image(raw) := raw.image if {
	is_string(raw.image)
} else := ""

# The container's value is in force if both are set (k8s.io/api core/v1, SecurityContext).
_in_force(raw, spec, name) := raw.securityContext[name] if {
	name in object.keys(raw.securityContext)
} else := spec.securityContext[name]

default is_open(_) := false

# True if a ConfigMap or Secret may set more variables.
is_open(raw) if "envFrom" in object.keys(raw)

# null is a value that only the cluster knows. Of two values of one name the last one counts.
_env(raw) := object.union_n([{name: _value(one)} |
	some one in _list(raw, "env")
	name := object.get(one, "name", "")
	is_string(name)
])

_value(one) := one.value if {
	is_string(one.value)
	_is_literal(one.value)
} else := null

# Placeholders of envsubst, kustomize vars and templates are not known here.
_is_literal(text) if not regex.match(`[${}]`, text)

_mounts(raw) := [{"volume": one.name, "path": path, "read_only": _is_read_only(one), "part": _part(one)} |
	some one in _list(raw, "volumeMounts")
	is_string(one.name)
	_is_literal(one.mountPath)
	startswith(one.mountPath, "/")
	path := _without_slash(trim_right(one.mountPath, "/"))
]

# The subdirectory of the volume that is mounted; empty if all of it is.
_part(one) := one.subPath if {
	is_string(one.subPath)
} else := one.subPathExpr if {
	is_string(one.subPathExpr)
} else := ""

_without_slash("") := "/"

_without_slash(path) := path if path != ""

default _is_read_only(_) := false

_is_read_only(one) if one.readOnly == true

is_privileged(container) if container.raw.securityContext.privileged == true

# Capability names of `add` or `drop`, in capitals and without CAP_.
capabilities(container, list) := {trim_prefix(upper(name), "CAP_") |
	some name in container.raw.securityContext.capabilities[list]
}

# init container "x", container "x".
title(container) := sprintf("%s \"%s\"", [_kind(container.role), container.name])

_kind("main") := "container"

_kind("sidecar") := "sidecar"

_kind("init") := "init container"

_kind("ephemeral") := "ephemeral container"
