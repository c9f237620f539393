// Package calico judges objects of projectcalico.org/v3 by the rules of Calico's validator that no schema and no CEL
// rule can say (or not within CEL's cost limits): selector syntax, addresses, port forms, annotations, labels.
package calico

import (
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/intstr"
)

// Group and Version of Calico's user-facing API.
const (
	Group   = "projectcalico.org"
	Version = "v3"
)

// Owns says whether objects of this kind are judged by this package beside their schema.
func Owns(gvk schema.GroupVersionKind) bool {
	return gvk.Group == Group && gvk.Version == Version
}

// policy is what the rules of this package look at in a GlobalNetworkPolicy or NetworkPolicy.
type policy struct {
	Types   []string `json:"types"`
	Ingress []rule   `json:"ingress"`
	Egress  []rule   `json:"egress"`
}

type rule struct {
	IPVersion   *int                `json:"ipVersion"`
	Protocol    *intstr.IntOrString `json:"protocol"`
	Metadata    ruleMetadata        `json:"metadata"`
	Source      entity              `json:"source"`
	Destination entity              `json:"destination"`
}

type ruleMetadata struct {
	Annotations map[string]string `json:"annotations"`
}

// entity is one end of a rule: all criteria given must hold.
type entity struct {
	Nets            []string             `json:"nets"`
	NotNets         []string             `json:"notNets"`
	Ports           []intstr.IntOrString `json:"ports"`
	NotPorts        []intstr.IntOrString `json:"notPorts"`
	ServiceAccounts *serviceAccounts     `json:"serviceAccounts"`
}

type serviceAccounts struct {
	Names []string `json:"names"`
}

type networkSet struct {
	Metadata struct {
		Labels map[string]string `json:"labels"`
	} `json:"metadata"`
	Spec struct {
		Nets []string `json:"nets"`
	} `json:"spec"`
}
