# An init container of root that does nothing but give its volumes to another user: the one step that runAsNonRoot would make impossible.
package lib.gomodcache.handing_over

import data.lib.gomodcache.container
import data.lib.gomodcache.go_cache
import data.lib.gomodcache.image
import data.lib.gomodcache.path
import data.lib.gomodcache.pods
import data.lib.gomodcache.run

# Its image must be a well-known distribution's, or gomodcache's: in another one chown may be any program.
is_all(of, pod) if {
	of.role == "init"
	not container.is_privileged(of)
	not _adds_capabilities(of)
	not _has_hooks(of)
	not _reaches_node(of, pod)
	_only_hands_over(of)
}

_capabilities := {"CHOWN", "FOWNER", "DAC_OVERRIDE", "FSETID"}

_adds_capabilities(of) if count(container.capabilities(of, "add") - _capabilities) > 0

# A variable such as LD_PRELOAD makes another program of it, and so does what a hook or probe runs.
_has_hooks(of) if {
	some name in object.keys(of.raw)
	name in {"lifecycle", "livenessProbe", "readinessProbe", "startupProbe", "envFrom", "volumeDevices"}
}

_has_hooks(of) if {
	some name in object.keys(of.env)
	not name in {"HOME", "TMPDIR", "GOMODCACHE", "GOCACHE"}
}

_is_of_pod(mount, pod) if pods.volume_kind(pod, mount.volume) in {"emptyDir", "persistentVolumeClaim", "ephemeral"}

# A directory of the node is nothing to give away, and a mount over the image's programs makes others of them.
_reaches_node(of, pod) if {
	some mount in of.mounts
	not _is_of_pod(mount, pod)
}

_reaches_node(of, _) if count(of.mounts) != count(object.get(of.raw, "volumeMounts", []))

_reaches_node(of, _) if {
	some mount in of.mounts
	some place in ["/bin", "/sbin", "/usr", "/lib", "/lib64", "/etc", "/dev", "/proc", "/sys"]
	path.related(mount.path, place)
}

_reaches_node(_, pod) if {
	some name in ["hostPID", "hostIPC", "hostNetwork"]
	pod.spec[name] == true
}

_only_hands_over(of) if {
	image.family(of.image) == "distribution"
	not of.opaque
	count(of.commands) > 0
	every command in of.commands { _hands_over(command) }
	some command in of.commands
	run.program(command) == "chown"
}

_programs := {"chown", "chgrp", "chmod", "set", "umask", "cd"}

_hands_over(command) if {
	run.program(command) in _programs
	command.words[0] == run.program(command)
	count(command.sets) == 0
	not _sets_identity(command)
}

# A mode with s, or with four digits of which the first has 4 in it, makes a program run as its owner.
_sets_identity(command) if {
	run.program(command) == "chmod"
	regex.match(`s|^0*[4-7][0-7]{3}$`, run.operands(command)[0])
}

# What gomodcache generate writes.
_only_hands_over(of) if {
	image.family(of.image) == "distribution"
	["sh", "-c", script, "sh", _] = array.concat(object.get(of.raw, "command", []), object.get(of.raw, "args", []))
	regex.match(`^find "\$1" -xdev -exec chown -h \d+:\d+ \{\} \+ && chmod [02][0-7]{3} "\$1"$`, script)
}

_only_hands_over(of) if {
	go_cache.is_ours_image(of)
	[command] := of.commands
	command.words[0] == "gomodcache-init"
	not "--" in command.words
}
