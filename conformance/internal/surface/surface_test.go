package surface

import (
	"bufio"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"polc.dev/conformance/internal/shareddata"
)

const (
	// tables is where the project keeps what this program writes.
	tables = "../../../src/surface/tables"
	// pinned is the release in this module's go.mod, whose sources are at hand wherever the judges are built.
	pinned = "1.34"
	// everyRelease has the tables of all releases made again, which downloads 20 MB for each that is not at hand.
	everyRelease = "POLC_EVERY_KUBERNETES"
)

func TestTheTablesAreWhatTheSourcesSay(t *testing.T) {
	releases, err := Releases(tables)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Contains(releases, pinned) {
		t.Fatalf("no table of %s among %q", pinned, releases)
	}
	if os.Getenv(everyRelease) == "" {
		releases = []string{pinned}
	}
	for _, release := range releases {
		different, err := Compare(tables, release)
		if err != nil {
			t.Errorf("%s: %v", release, err)
		}
		for _, name := range different {
			t.Errorf("%s is not what the sources say: go run ./cmd/surface -write %s v%s.…", name, tables, release)
		}
	}
}

// The same server was asked by another program; its answers are in the test data.
func TestTheDiscoveryAgreesWithAnotherReading(t *testing.T) {
	file, err := os.Open(shareddata.Path(t, "api-surface/kubernetes-1.34.tsv", 1))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	want := map[string]bool{}
	for lines := bufio.NewScanner(file); lines.Scan(); {
		columns := strings.Split(lines.Text(), "\t")
		group, version, resource := columns[0], columns[1], columns[2]
		if group == "group" {
			continue
		}
		columns[0] = shown(group)
		want[strings.Join(append([]string{version, columns[0], resource}, columns[3:]...), "\t")] = true
	}
	got := readTable(t, "resources-1.34.tsv")
	for line := range want {
		if !got[line] {
			t.Errorf("the other reading has %q", line)
		}
	}
	for line := range got {
		if !want[line] {
			t.Errorf("our table has %q", line)
		}
	}
	if len(want) < 100 {
		t.Errorf("only %d lines compared", len(want))
	}
}

// readTable gives a line for each version of a resource that is served by default, written as the test data have it.
func readTable(t *testing.T, name string) map[string]bool {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(tables, name))
	if err != nil {
		t.Fatal(err)
	}
	lines := map[string]bool{}
	for line := range strings.Lines(string(text)) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		columns := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		served := columns[7]
		for i, column := range columns {
			if column == none {
				columns[i] = ""
			}
		}
		for _, version := range strings.Split(served, ",") {
			if version != none {
				lines[strings.Join(append([]string{version}, columns[:7]...), "\t")] = true
			}
		}
	}
	return lines
}

// module is a made-up version of Kubernetes in which one resource of a stable version stands behind a closed gate.
func module(t *testing.T, gateDefault string) Module {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{
		"api/discovery/api__v1.json": `{"kind": "APIResourceList", "groupVersion": "v1", "resources": [
			{"name": "pods", "singularName": "pod", "namespaced": true, "kind": "Pod", "verbs": ["list", "get"], "shortNames": ["po"]},
			{"name": "pods/resize", "namespaced": true, "kind": "Pod", "verbs": ["patch"]}]}`,
		"api/discovery/apis__apps__v1.json": `{"kind": "APIResourceList", "groupVersion": "apps/v1", "resources": [
			{"name": "deployments", "singularName": "deployment", "namespaced": true, "kind": "Deployment", "verbs": ["get"]}]}`,
		"api/discovery/apis__apps__v2beta1.json": `{"kind": "APIResourceList", "groupVersion": "apps/v2beta1", "resources": [
			{"name": "deployments", "singularName": "deployment", "namespaced": true, "kind": "Deployment", "verbs": ["get", "watch"]},
			{"name": "rollouts", "singularName": "rollout", "namespaced": false, "kind": "Rollout", "verbs": ["get"]}]}`,
		"api/discovery/apis.json": `{"kind": "APIGroupList"}`,
		"pkg/controlplane/instance.go": `package controlplane
			import (
				apiv1 "k8s.io/api/core/v1"
				appsv1 "k8s.io/api/apps/v1"
				appsv2beta1 "k8s.io/api/apps/v2beta1"
			)
			var (
				stableAPIGroupVersionsEnabledByDefault = []schema.GroupVersion{apiv1.SchemeGroupVersion, appsv1.SchemeGroupVersion}
				betaAPIGroupVersionsDisabledByDefault = []schema.GroupVersion{appsv2beta1.SchemeGroupVersion}
			)`,
		"pkg/features/kube_features.go": `package features
			var gates = map[featuregate.Feature]featuregate.VersionedSpecs{
				Resize: {
					{Version: version.MustParse("1.27"), Default: false, PreRelease: featuregate.Alpha},
					{Version: version.MustParse("1.33"), Default: ` + gateDefault + `, PreRelease: featuregate.Beta},
				},
			}`,
		"pkg/registry/core/rest/storage_core.go": `package rest
			import corev1 "k8s.io/api/core/v1"
			func storage() {
				if resource := "pods"; source.ResourceEnabled(corev1.SchemeGroupVersion.WithResource(resource)) {
					storage[resource] = pods
					if utilfeature.DefaultFeatureGate.Enabled(features.Resize) {
						storage[resource+"/resize"] = resize
					}
				}
			}`,
		"plugin/pkg/auth/authorizer/rbac/bootstrappolicy/testdata/controller-roles.yaml": "items: []\n",
		"plugin/pkg/auth/authorizer/rbac/bootstrappolicy/testdata/cluster-roles.yaml": `
items:
- metadata: {name: view}
  aggregationRule: {clusterRoleSelectors: [{matchLabels: {join: "true"}}]}
  rules: null
- metadata: {name: read, labels: {join: "true", a: b}}
  rules:
  - {apiGroups: ["", apps], resources: [pods, deployments], resourceNames: [x], verbs: [get]}
  - {nonResourceURLs: [/healthz], verbs: [get]}
`,
	} {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return Module{Version: "v1.40.2", Dir: dir, Sum: "h1:x"}
}

func body(text string) string {
	var lines []string
	for line := range strings.Lines(text) {
		if !strings.HasPrefix(line, "#") {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "")
}

func TestServedIsWhatIsOnByDefault(t *testing.T) {
	for open, resize := range map[string]string{
		"true":  "core\tpods/resize\tPod\tnamespaced\tpatch\t-\t-\tv1\t-\n",
		"false": "core\tpods/resize\tPod\tnamespaced\tpatch\t-\t-\t-\tv1\n",
	} {
		got, err := Of(module(t, open))
		if err != nil {
			t.Fatal(err)
		}
		want := "core\tpods\tPod\tnamespaced\tget,list\tpo\tpod\tv1\t-\n" + resize +
			"apps\tdeployments\tDeployment\tnamespaced\tget\t-\tdeployment\tv1\tv2beta1\n" +
			"apps\trollouts\tRollout\tcluster\tget\t-\trollout\t-\tv2beta1\n"
		if body(got.Resources) != want {
			t.Errorf("with the gate at %s:\n%s", open, body(got.Resources))
		}
		if !strings.Contains(got.Resources, "# Source: k8s.io/kubernetes v1.40.2 h1:x, Copyright The Kubernetes Authors, Apache-2.0.\n") {
			t.Errorf("the head names no source: %s", got.Resources)
		}
		if _, ok := got.Files()["resources-1.40.tsv"]; !ok {
			t.Errorf("files %q", got.Files())
		}
	}
}

func TestARoleIsALineAndItsRulesFollow(t *testing.T) {
	got, err := Of(module(t, "true"))
	if err != nil {
		t.Fatal(err)
	}
	want := "role\tread\ta=b,join=true\t-\n" +
		"rule\tcore,apps\tpods,deployments\tx\tget\n" +
		"urls\t/healthz\tget\n" +
		"role\tview\t-\tjoin=true\n"
	if body(got.Roles) != want {
		t.Errorf("roles:\n%s", body(got.Roles))
	}
}

func TestSourcesThatAreNotUnderstoodAreRefused(t *testing.T) {
	for name, change := range map[string]struct{ file, from, to string }{
		"a group nobody serves":   {"pkg/controlplane/instance.go", `"k8s.io/api/apps/v1"`, `"k8s.io/api/ops/v1"`},
		"no version on":           {"pkg/controlplane/instance.go", "EnabledByDefault", "Enabled"},
		"a gate without default":  {"pkg/features/kube_features.go", "Resize", "Other"},
		"an aggregation of two":   {"plugin/pkg/auth/authorizer/rbac/bootstrappolicy/testdata/cluster-roles.yaml", `{join: "true"}}]`, `{join: "true", c: d}}]`},
		"a rule with other words": {"plugin/pkg/auth/authorizer/rbac/bootstrappolicy/testdata/cluster-roles.yaml", "resourceNames", "objectNames"},
		"two scopes":              {"api/discovery/apis__apps__v2beta1.json", `"namespaced": true`, `"namespaced": false`},
	} {
		module := module(t, "true")
		path := filepath.Join(module.Dir, filepath.FromSlash(change.file))
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		changed := strings.Replace(string(text), change.from, change.to, 1)
		if changed == string(text) {
			t.Fatalf("%s: %q is not in %s", name, change.from, change.file)
		}
		if err := os.WriteFile(path, []byte(changed), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := Of(module); err == nil {
			t.Errorf("%s is not refused", name)
		}
	}
}

func TestAVersionIsThreeNumbers(t *testing.T) {
	for _, version := range []string{"1.34.4", "v1.34", "latest", "v2.0.0", "v1.34.4-rc.1"} {
		if _, err := Fetch(version); err == nil || !strings.Contains(err.Error(), "is not a version") {
			t.Errorf("%s: %v", version, err)
		}
	}
}
