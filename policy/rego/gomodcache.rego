# What every rule finds. Ask for data.gomodcache.deny and data.gomodcache.warn, with a manifest or an AdmissionReview as the input.
package gomodcache

findings contains finding if {
	some rule
	some finding in data.lib.gomodcache.rules[rule].findings
}

deny contains text(finding) if {
	some finding in findings
	finding.severity == "error"
}

warn contains text(finding) if {
	some finding in findings
	finding.severity != "error"
}

text(finding) := sprintf("%s: %s", [finding.rule, finding.message])
