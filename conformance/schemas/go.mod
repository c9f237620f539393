module polc.dev/conformance/schemas

go 1.26

require (
	github.com/cert-manager/cert-manager v1.21.2
	github.com/cert-manager/trust-manager v0.25.0
	istio.io/api v1.31.4
	sigs.k8s.io/gateway-api v1.6.1
)
