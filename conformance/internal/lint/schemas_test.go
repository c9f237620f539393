package lint

import (
	"testing"

	"k8s.io/apimachinery/pkg/runtime/schema"
)

func TestOwnDefinitionsPassTheServersValidation(t *testing.T) {
	set, err := Schemas()
	if err != nil {
		t.Fatal(err)
	}
	for _, kind := range []string{"Tier", "GlobalNetworkPolicy", "NetworkPolicy", "GlobalNetworkSet"} {
		if !set.Has(schema.GroupVersionKind{Group: "projectcalico.org", Version: "v3", Kind: kind}) {
			t.Errorf("no definition of %s", kind)
		}
	}
}
