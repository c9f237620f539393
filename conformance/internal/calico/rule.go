package calico

import (
	"net/netip"
	"slices"

	apivalidation "k8s.io/apimachinery/pkg/api/validation"
	"k8s.io/apimachinery/pkg/util/intstr"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

func (r rule) validate(path *field.Path) field.ErrorList {
	errs := apivalidation.ValidateAnnotations(r.Metadata.Annotations, path.Child("metadata", "annotations"))
	errs = append(errs, r.validateFamilies(path)...)
	errs = append(errs, r.Source.validate(path.Child("source"), r.hasPorts())...)
	return append(errs, r.Destination.validate(path.Child("destination"), r.hasPorts())...)
}

// hasPorts says whether the rule's protocol is one with ports.
func (r rule) hasPorts() bool {
	if r.Protocol == nil {
		return false
	}
	if r.Protocol.Type == intstr.String {
		return slices.Contains([]string{"TCP", "UDP", "SCTP"}, r.Protocol.StrVal)
	}
	const tcp, udp, sctp = 6, 17, 132
	return slices.Contains([]int32{tcp, udp, sctp}, r.Protocol.IntVal)
}

func (e entity) validate(path *field.Path, protocolHasPorts bool) field.ErrorList {
	errs := validateNets(e.Nets, path.Child("nets"))
	errs = append(errs, validateNets(e.NotNets, path.Child("notNets"))...)
	errs = append(errs, validatePorts(e.Ports, path.Child("ports"), protocolHasPorts)...)
	errs = append(errs, validatePorts(e.NotPorts, path.Child("notPorts"), protocolHasPorts)...)
	if e.ServiceAccounts != nil {
		errs = append(errs, validateAccounts(e.ServiceAccounts.Names, path.Child("serviceAccounts", "names"))...)
	}
	return errs
}

func validateAccounts(names []string, path *field.Path) field.ErrorList {
	var errs field.ErrorList
	for i, name := range names {
		for _, reason := range apivalidation.ValidateServiceAccountName(name, false) {
			errs = append(errs, field.Invalid(path.Index(i), name, reason))
		}
	}
	return errs
}

// validateNets wants every network written with a mask and without host bits. What does not parse is the schema's.
func validateNets(nets []string, path *field.Path) field.ErrorList {
	var errs field.ErrorList
	for i, net := range nets {
		prefix, err := netip.ParsePrefix(net)
		switch {
		case err != nil:
			errs = append(errs, field.Invalid(path.Index(i), net, "must be a network with a mask"))
		case prefix != prefix.Masked():
			errs = append(errs, field.Invalid(path.Index(i), net, "host bits must be zero: "+prefix.Masked().String()))
		}
	}
	return errs
}

// validateFamilies wants the addresses of all four lists of a rule, and its ipVersion, to be of one family.
func (r rule) validateFamilies(path *field.Path) field.ErrorList {
	var errs field.ErrorList
	wanted := 0
	if r.IPVersion != nil {
		wanted = *r.IPVersion
	}
	for _, net := range slices.Concat(r.Source.Nets, r.Source.NotNets, r.Destination.Nets, r.Destination.NotNets) {
		family := family(net)
		if wanted == 0 {
			wanted = family
		}
		if family != 0 && family != wanted {
			errs = append(errs, field.Invalid(path, net, "IPv4 and IPv6 must not be mixed in one rule, its ipVersion included"))
		}
	}
	return errs
}

// family is 4 or 6, or 0 for what is no network.
func family(net string) int {
	prefix, err := netip.ParsePrefix(net)
	switch {
	case err != nil:
		return 0
	case prefix.Addr().Is4():
		return 4
	default:
		return 6
	}
}
