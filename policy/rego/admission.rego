# For an OPA that is the admission webhook itself: it asks for data.system.main, and this answers with an AdmissionReview.
package system

main := {
	"apiVersion": "admission.k8s.io/v1",
	"kind": "AdmissionReview",
	"response": object.union(
		{"uid": input.request.uid, "allowed": count(data.gomodcache.deny) == 0},
		object.union(_warnings, _status),
	),
}

# What is no error is shown by kubectl, and lets the object in.
_warnings := {"warnings": sort(data.gomodcache.warn)} if {
	count(data.gomodcache.warn) > 0
} else := {}

_status := {"status": {"code": 403, "message": concat("\n", sort(data.gomodcache.deny))}} if {
	count(data.gomodcache.deny) > 0
} else := {}
