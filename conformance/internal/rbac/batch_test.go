package rbac

import (
	"encoding/json"
	"strings"
	"testing"
)

const world = `
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: one, labels: {to: sum}}
rules: [{verbs: [get], apiGroups: [""], resources: [pods]}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: sum}
aggregationRule: {clusterRoleSelectors: [{matchLabels: {to: sum}}]}
rules: [{verbs: [delete], apiGroups: [""], resources: [pods]}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: b, namespace: shop}
roleRef: {kind: ClusterRole, name: sum}
subjects: [{kind: ServiceAccount, name: ci}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: bad, namespace: shop}
rules: [{verbs: [get]}]
`

func TestAnAggregatedRoleHasWhatItTakesInAlone(t *testing.T) {
	ask := func(user, verb, namespace string) map[string]any {
		return map[string]any{"user": user, "verb": verb, "resource": "pods", "namespace": namespace}
	}
	ci := "system:serviceaccount:shop:ci"
	master := map[string]any{"user": "root", "groups": []string{"system:masters"}, "verb": "get", "url": "/x"}
	requests := []any{ask(ci, "get", "shop"), ask(ci, "delete", "shop"), ask(ci, "get", "pay"), ask("ci", "get", "shop"), master}
	line, err := json.Marshal(map[string]any{"manifests": world, "requests": requests})
	if err != nil {
		t.Fatal(err)
	}
	found, err := respond(line)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []bool{true, false, false, false, true} {
		if found.Answers[i] != want {
			t.Errorf("request %d: %v, want %v", i, found.Answers[i], want)
		}
	}
	if len(found.Refused) != 1 || !strings.Contains(found.Refused[0], "Role shop/bad") {
		t.Errorf("refused: %v", found.Refused)
	}
}
