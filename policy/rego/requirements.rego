# What a cluster may demand of every pod, whether it is about Go or not. Only those who ask for it get it: conftest test --namespace requirements.
package requirements

findings contains finding if {
	some requirement
	some finding in data.lib.gomodcache.requirements[requirement].findings
}

deny contains data.gomodcache.text(finding) if some finding in findings
