# For Conftest, which takes the package main.
package main

deny := data.gomodcache.deny

warn := data.gomodcache.warn
