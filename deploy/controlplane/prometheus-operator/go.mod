// The CustomResourceDefinitions of the Prometheus operator, for the tests; nothing of it is compiled.
module netservice.io/controlplane/prometheus-operator

go 1.26.0

require github.com/prometheus-operator/prometheus-operator v0.85.0
