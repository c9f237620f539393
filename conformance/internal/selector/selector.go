// Package selector is Calico's own selector parser and evaluator (libcalico-go), and where selectors stand in Calico's
// policies.
package selector

import (
	"errors"
	"strings"

	calico "github.com/projectcalico/calico/libcalico-go/lib/selector"
	"github.com/projectcalico/calico/libcalico-go/lib/selector/tokenizer"
)

// Selector is a parsed selector expression.
type Selector struct{ parsed calico.Selector }

// Parse parses an expression; the empty one selects everything.
func Parse(expression string) (Selector, error) {
	parsed, err := calico.Parse(expression)
	if err != nil {
		return Selector{}, err
	}
	return Selector{parsed: parsed}, nil
}

// Evaluate says whether something with these labels is selected.
func (s Selector) Evaluate(labels map[string]string) bool { return s.parsed.Evaluate(labels) }

// Canonical is the expression as Calico prints it.
func (s Selector) Canonical() string { return s.parsed.String() }

// CheckGlobal refuses global() that does not stand alone: Calico allows it in the namespaceSelector of a rule only,
// and combined with nothing.
func CheckGlobal(expression string) error {
	if strings.TrimSpace(expression) == "global()" {
		return nil
	}
	tokens, err := tokenizer.Tokenize(expression)
	if err != nil {
		return err
	}
	for _, token := range tokens {
		if token.Kind == tokenizer.TokGlobal {
			return errors.New("global() must stand alone")
		}
	}
	return nil
}
