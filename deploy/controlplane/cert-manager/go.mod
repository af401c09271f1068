// The CustomResourceDefinitions of cert-manager, for the tests; nothing of it is compiled.
module netservice.io/controlplane/cert-manager

go 1.26.0

require github.com/cert-manager/cert-manager v1.21.2
