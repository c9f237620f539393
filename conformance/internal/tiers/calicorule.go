package tiers

import (
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	apivalidation "k8s.io/apimachinery/pkg/api/validation"
	"k8s.io/apimachinery/pkg/util/intstr"
	"k8s.io/apimachinery/pkg/util/validation"

	"polc.dev/conformance/internal/selector"
)

// compile makes the match of a rule in a policy of this namespace (empty: a GlobalNetworkPolicy).
func (s *ruleSpec) compile(namespace string) (*calicoRule, error) {
	if !slices.Contains([]action{allow, deny, pass, log}, s.Action) {
		return nil, fmt.Errorf("action %q", s.Action)
	}
	if s.HTTP != nil {
		return nil, errors.New("not covered: http")
	}
	compiled := &calicoRule{icmp: s.ICMP, notICMP: s.NotICMP}
	var err error
	if compiled.protocol, err = parseProtocol(s.Protocol); err != nil {
		return nil, fmt.Errorf("protocol: %w", err)
	}
	if compiled.notProtocol, err = parseProtocol(s.NotProtocol); err != nil {
		return nil, fmt.Errorf("notProtocol: %w", err)
	}
	numbered := compiled.protocol != nil && hasPorts(*compiled.protocol)
	if compiled.source, err = s.Source.compile(namespace, numbered); err != nil {
		return nil, fmt.Errorf("source: %w", err)
	}
	if compiled.destination, err = s.Destination.compile(namespace, numbered); err != nil {
		return nil, fmt.Errorf("destination: %w", err)
	}
	if compiled.family, err = s.family(compiled); err != nil {
		return nil, err
	}
	return compiled, compiled.checkICMP()
}

// family is the family of a rule's packets: ipVersion, or that of its networks, those of notNets included, or both.
func (s *ruleSpec) family(r *calicoRule) (int, error) {
	family := 0
	if s.IPVersion != nil {
		if family = *s.IPVersion; family != ipv4 && family != ipv6 {
			return 0, fmt.Errorf("ipVersion %d", family)
		}
	}
	for _, net := range slices.Concat(r.source.nets, r.source.notNets, r.destination.nets, r.destination.notNets) {
		if family != 0 && familyOf(net.Addr()) != family {
			return 0, errors.New("IPv4 and IPv6 are mixed in one rule")
		}
		family = familyOf(net.Addr())
	}
	return family, nil
}

func (r *calicoRule) checkICMP() error {
	for name, match := range map[string]*icmpMatch{"icmp": r.icmp, "notICMP": r.notICMP} {
		if match == nil {
			continue
		}
		if r.protocol == nil || *r.protocol != icmp && *r.protocol != icmpV6 {
			return fmt.Errorf("%s needs protocol ICMP or ICMPv6", name)
		}
		if match.Code != nil && match.Type == nil {
			return fmt.Errorf("%s: a code needs a type", name)
		}
		if !isWithin(match.Type, 254) || !isWithin(match.Code, 255) {
			return fmt.Errorf("%s: the type is 0 to 254, the code 0 to 255", name)
		}
	}
	return nil
}

func isWithin(value *int, most int) bool { return value == nil || 0 <= *value && *value <= most }

func parseProtocol(given *intstr.IntOrString) (*uint8, error) {
	if given == nil {
		return nil, nil
	}
	if given.Type == intstr.String {
		number, ok := protocolNumbers[given.StrVal]
		if !ok {
			return nil, fmt.Errorf("%q is not a protocol", given.StrVal)
		}
		return &number, nil
	}
	if given.IntVal < 1 || given.IntVal > 255 {
		return nil, fmt.Errorf("%d is not within 1 and 255", given.IntVal)
	}
	number := uint8(given.IntVal)
	return &number, nil
}

func (s *entitySpec) compile(namespace string, numbered bool) (entity, error) {
	if s.Services != nil {
		return entity{}, errors.New("not covered: services")
	}
	var compiled entity
	var err error
	if compiled.selectors, err = s.selectors(namespace); err != nil {
		return entity{}, err
	}
	if s.NotSelector != "" {
		parsed, err := selector.ParsePlain(s.NotSelector)
		if err != nil {
			return entity{}, fmt.Errorf("notSelector: %w", err)
		}
		compiled.notSelector = &parsed
	}
	if compiled.nets, err = parseNets(s.Nets); err != nil {
		return entity{}, fmt.Errorf("nets: %w", err)
	}
	if compiled.notNets, err = parseNets(s.NotNets); err != nil {
		return entity{}, fmt.Errorf("notNets: %w", err)
	}
	if compiled.ports, err = parsePorts(s.Ports, numbered); err != nil {
		return entity{}, fmt.Errorf("ports: %w", err)
	}
	if compiled.notPorts, err = parsePorts(s.NotPorts, numbered); err != nil {
		return entity{}, fmt.Errorf("notPorts: %w", err)
	}
	return compiled, nil
}

// selectors are the positive selectors of one end. In a policy of a namespace they mean that namespace, unless a
// namespaceSelector names others; without any of them (networks and ports alone) the namespace has no say.
func (s *entitySpec) selectors(namespace string) ([]selector.Selector, error) {
	var found selectorList
	if s.ServiceAccounts != nil {
		if s.ServiceAccounts.Selector != "" {
			found.add("serviceAccounts.selector", s.ServiceAccounts.Selector, selector.ParseServiceAccounts)
		}
		for _, name := range s.ServiceAccounts.Names {
			if problems := apivalidation.ValidateServiceAccountName(name, false); len(problems) > 0 {
				return nil, fmt.Errorf("serviceAccounts.names: %q: %s", name, problems[0])
			}
		}
		if len(s.ServiceAccounts.Names) > 0 {
			found.add("serviceAccounts.names", accountsExpression(s.ServiceAccounts.Names), selector.ParsePlain)
		}
	}
	if s.Selector != "" {
		found.add("selector", s.Selector, selector.ParsePlain)
	}
	switch {
	case s.NamespaceSelector != "":
		found.add("namespaceSelector", s.NamespaceSelector, selector.ParseNamespaces)
	case namespace != "" && (len(found.parsed) > 0 || s.NotSelector != ""):
		found.add("namespace", selector.NamespaceLabel+" == '"+namespace+"'", selector.ParsePlain)
	}
	return found.parsed, found.err
}

func accountsExpression(names []string) string {
	return selector.ServiceAccountLabel + " in { '" + strings.Join(names, "', '") + "' }"
}

type selectorList struct {
	parsed []selector.Selector
	err    error
}

func (l *selectorList) add(field, expression string, parse func(string) (selector.Selector, error)) {
	parsed, err := parse(expression)
	if err != nil {
		l.err = errors.Join(l.err, fmt.Errorf("%s: %w", field, err))
	}
	l.parsed = append(l.parsed, parsed)
}

// parseNets wants every network with a mask and without host bits.
func parseNets(texts []string) ([]netip.Prefix, error) {
	var nets []netip.Prefix
	for _, text := range texts {
		net, err := netip.ParsePrefix(text)
		if err != nil {
			return nil, err
		}
		if net != net.Masked() || net.Addr().Is4In6() {
			return nil, fmt.Errorf("%s is not a network: %s would be", text, net.Masked())
		}
		nets = append(nets, net)
	}
	return nets, nil
}

// parsePorts reads numbers and ranges "first:last", which need a protocol with ports, and names, which do not.
func parsePorts(given []intstr.IntOrString, numbered bool) ([]portMatch, error) {
	var ports []portMatch
	for _, one := range given {
		text := one.String()
		if one.Type == intstr.String && (text == "" || text[0] < '0' || text[0] > '9') {
			if problems := validation.IsValidPortName(text); len(problems) > 0 {
				return nil, fmt.Errorf("%q: %s", text, problems[0])
			}
			ports = append(ports, portMatch{name: text})
			continue
		}
		first, last, isRange := strings.Cut(text, ":")
		if !isRange {
			last = first
		}
		low, lowErr := strconv.ParseUint(first, 10, 16)
		high, highErr := strconv.ParseUint(last, 10, 16)
		if lowErr != nil || highErr != nil || low < 1 || high < low {
			return nil, fmt.Errorf("%q is neither a port nor a range", text)
		}
		if !numbered {
			return nil, fmt.Errorf("%s needs protocol TCP, UDP or SCTP", text)
		}
		ports = append(ports, portMatch{first: uint16(low), last: uint16(high)})
	}
	return ports, nil
}
