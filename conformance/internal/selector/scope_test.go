package selector

import "testing"

func TestScopes(t *testing.T) {
	pod := map[string]string{
		"app": "api", "pcns.team": "blue", "pcns.odd": "all()", "pcsa.role": "reader", NamespaceLabel: "a",
	}
	set := map[string]string{"team": "blue", "role": "reader"}
	cases := []struct {
		parse      func(string) (Selector, error)
		expression string
		pod, set   bool
	}{
		{ParseNamespaces, "team == 'blue'", true, false},
		{ParseNamespaces, "has(team)", true, false},
		{ParseNamespaces, "has(app)", false, false},
		{ParseNamespaces, "team != 'blue'", false, true}, // what is in no namespace lacks its labels
		{ParseNamespaces, "all()", true, false},
		{ParseNamespaces, "", true, false},
		{ParseNamespaces, "!all()", false, true},
		{ParseNamespaces, "odd == 'all()'", true, false},
		{ParseNamespaces, "odd in {\"all()\", 'x'} && ( all( ) )", true, false},
		{ParseNamespaces, "global()", false, true},
		{ParseServiceAccounts, "role == 'reader'", true, false},
		{ParseServiceAccounts, "all()", true, true},
		{ParsePlain, "role == 'reader'", false, true},
		{ParsePlain, "pcsa.role == 'reader'", true, false},
		{ParsePlain, "", true, true},
	}
	for _, c := range cases {
		parsed, err := c.parse(c.expression)
		if err != nil {
			t.Errorf("%s: %v", c.expression, err)
			continue
		}
		if pod, set := parsed.Evaluate(pod), parsed.Evaluate(set); pod != c.pod || set != c.set {
			t.Errorf("%s selects the pod: %v, the set: %v", c.expression, pod, set)
		}
	}
}

func TestScopesRefuse(t *testing.T) {
	for name, parse := range map[string]func(string) (Selector, error){
		"plain": ParsePlain, "accounts": ParseServiceAccounts, "namespaces": ParseNamespaces,
	} {
		for _, expression := range []string{"team = 'blue'", "global() && has(a)", "!global()"} {
			if _, err := parse(expression); err == nil {
				t.Errorf("%s: %q parses", name, expression)
			}
		}
	}
	for _, parse := range []func(string) (Selector, error){ParsePlain, ParseServiceAccounts} {
		if _, err := parse(" global() "); err == nil {
			t.Error("global() parses where it must not stand")
		}
	}
}
