package calico

import (
	"strconv"
	"strings"

	"k8s.io/apimachinery/pkg/util/intstr"
	"k8s.io/apimachinery/pkg/util/validation"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// validatePorts checks a list of numbers, ranges "min:max" and names. Numbers and ranges need a protocol with ports.
func validatePorts(ports []intstr.IntOrString, path *field.Path, protocolHasPorts bool) field.ErrorList {
	var errs field.ErrorList
	for i, port := range ports {
		if port.Type == intstr.String && !startsWithDigit(port.StrVal) {
			errs = append(errs, validatePortName(port.StrVal, path.Index(i))...)
			continue
		}
		if !protocolHasPorts {
			errs = append(errs, field.Invalid(path.Index(i), port.String(), "needs protocol TCP, UDP or SCTP"))
		}
		if !isPortRange(port.String()) {
			errs = append(errs, field.Invalid(path.Index(i), port.String(),
				"must be a port or a range min:max within 1 and 65535"))
		}
	}
	return errs
}

// startsWithDigit tells numbers and ranges from names. A name may begin with a digit too, but such a one is refused
// here: Calico's JSON reader and its validator disagree on it.
func startsWithDigit(text string) bool {
	return text != "" && text[0] >= '0' && text[0] <= '9'
}

func validatePortName(name string, path *field.Path) field.ErrorList {
	var errs field.ErrorList
	for _, reason := range validation.IsValidPortName(name) {
		errs = append(errs, field.Invalid(path, name, reason))
	}
	return errs
}

func isPortRange(text string) bool {
	first, last, isRange := strings.Cut(text, ":")
	if !isRange {
		last = first
	}
	low, lowErr := strconv.ParseUint(first, 10, 16)
	high, highErr := strconv.ParseUint(last, 10, 16)
	return lowErr == nil && highErr == nil && 1 <= low && low <= high
}
