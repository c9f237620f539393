package selector

import (
	"errors"
	"regexp"
	"strings"

	"github.com/projectcalico/calico/libcalico-go/lib/selector/parser"
)

// Labels Calico adds to what it knows an address of: the labels of its namespace and of its service account under a
// prefix, and some of its own. In namespaces and service accounts themselves NameLabel is their name.
const (
	NamespacePrefix      = "pcns."
	ServiceAccountPrefix = "pcsa."
	NamespaceLabel       = "projectcalico.org/namespace"
	OrchestratorLabel    = "projectcalico.org/orchestrator"
	ServiceAccountLabel  = "projectcalico.org/serviceaccount"
	NameLabel            = "projectcalico.org/name"
)

// ParsePlain parses a selector that stands where global() must not.
func ParsePlain(expression string) (Selector, error) {
	if err := CheckGlobal(expression); err != nil {
		return Selector{}, err
	}
	if strings.TrimSpace(expression) == "global()" {
		return Selector{}, errors.New("global() is for the namespaceSelector of a rule only")
	}
	return Parse(expression)
}

// ParseServiceAccounts parses a selector of service accounts, to be evaluated on the labels of their pods.
func ParseServiceAccounts(expression string) (Selector, error) {
	if _, err := ParsePlain(expression); err != nil {
		return Selector{}, err
	}
	text, err := prefixed(expression, ServiceAccountPrefix)
	if err != nil {
		return Selector{}, err
	}
	return Parse(text)
}

// ParseNamespaces parses a selector of namespaces, to be evaluated on the labels of what is in them. Here all() is
// everything that is in a namespace, and global(), which must stand alone, everything that is in none.
func ParseNamespaces(expression string) (Selector, error) {
	if err := CheckGlobal(expression); err != nil {
		return Selector{}, err
	}
	if strings.TrimSpace(expression) == "global()" {
		return Parse("!has(" + NamespaceLabel + ")")
	}
	text, err := prefixed(expression, NamespacePrefix)
	if err != nil {
		return Selector{}, err
	}
	return Parse(quotedOrAll.ReplaceAllStringFunc(text, func(found string) string {
		if found == "all()" {
			return "has(" + NamespaceLabel + ")"
		}
		return found
	}))
}

// quotedOrAll finds all() in a canonical expression, and values before it, which may hold the same letters.
var quotedOrAll = regexp.MustCompile(`"[^"]*"|'[^']*'|all\(\)`)

// prefixed is the canonical expression with the prefix before the name of every label.
func prefixed(expression, prefix string) (string, error) {
	parsed, err := parser.Parse(expression)
	if err != nil {
		return "", err
	}
	parsed.AcceptVisitor(parser.PrefixVisitor{Prefix: prefix})
	return parsed.String(), nil
}
