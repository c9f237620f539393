package lint

import (
	"io/fs"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/runtime/schema"

	"polc.dev/conformance/internal/crd"
	"polc.dev/conformance/internal/manifest"
	"polc.dev/conformance/internal/shareddata"
)

// beyondSchemas are manifests that our schemas refuse and no schema of Calico does: in each, Calico's validator (in
// calicoctl and in Calico's API server) refuses what its CRDs let pass. By file name or, for objects of the case
// collection, by object name.
var beyondSchemas = map[string]string{
	"cnp-name-three-dots.yaml":                     "names: validated in Go",
	"gnp-name-two-dots.yaml":                       "names: validated in Go",
	"gnp-name-other-tier.yaml":                     "names: the tier as prefix, 3.29 to 3.31",
	"gnp-name-without-tier.yaml":                   "names: the tier as prefix, 3.29 to 3.31",
	"gnp-tier-dot.yaml":                            "names: no tier with a dot can exist",
	"tier-name-64.yaml":                            "names: validated in Go",
	"tier-name-dot.yaml":                           "names: validated in Go",
	"gnp-http-egress.yaml":                         "HTTP matches: ingress only, validated in Go",
	"gnp-http-path.yaml":                           "HTTP matches: one form of path, validated in Go",
	"gnp-net-bare-ip.yaml":                         "networks: one Go check takes a bare address, the next refuses it",
	"gns-bare-ip.yaml":                             "networks: parsed in Go",
	"gnp-nets-mixed.yaml":                          "families: compared in Go",
	"bad-mixed-families-not-caught-by-crd":         "families: compared in Go",
	"gnp-not-nets-everything.yaml":                 "notNets: validated in Go (3.32)",
	"gnp-not-nets-everything-v6.yaml":              "notNets: validated in Go (3.32)",
	"gnp-not-icmp-with-tcp.yaml":                   "ICMP: notICMP as icmp, validated in Go",
	"gnp-not-ports-without-protocol.yaml":          "ports: need a protocol, validated in Go",
	"gnp-ports-without-protocol.yaml":              "ports: need a protocol, validated in Go",
	"bad-ports-without-protocol-not-caught-by-crd": "ports: need a protocol, validated in Go",
	"gnp-ports-of-icmp.yaml":                       "ports: need a protocol with ports, validated in Go",
	"gnp-port-0.yaml":                              "ports: parsed in Go",
	"gnp-port-name-16.yaml":                        "ports: names validated in Go",
	"gnp-port-name-uppercase.yaml":                 "ports: names validated in Go",
	"gnp-not-protocol-unknown.yaml":                "protocols: validated in Go",
	"gnp-protocol-0.yaml":                          "protocols: validated in Go",
	"gnp-protocol-256.yaml":                        "protocols: an eight-bit number in Go",
	"gnp-protocol-lowercase.yaml":                  "protocols: validated in Go",
	"gnp-services-egress-source.yaml":              "services: the side is validated in Go",
	"gnp-services-ingress-destination.yaml":        "services: the side is validated in Go",
	"gnp-services-no-namespace.yaml":               "services: the namespace is validated in Go",
}

// sinceSchemas333 are manifests that Calico's schemas refuse from 3.33 on and its validator before.
var sinceSchemas333 = map[string]string{
	"gnp-selector-global.yaml":             "global(): CEL since 3.33",
	"bad-global-selector":                  "global(): CEL since 3.33",
	"gnp-account-selector-global.yaml":     "global(): CEL since 3.33",
	"gnp-namespace-selector-global.yaml":   "global(): CEL since 3.33",
	"gnp-rule-selector-global.yaml":        "global(): CEL since 3.33",
	"gnp-icmp-version-6.yaml":              "ICMP: CEL since 3.33",
	"gnp-icmpv6-version-4.yaml":            "ICMP: CEL since 3.33",
	"gnp-icmp-without-protocol.yaml":       "ICMP: CEL since 3.33",
	"bad-icmp-no-protocol":                 "ICMP: CEL since 3.33",
	"gnp-services-accounts.yaml":           "services: CEL since 3.33",
	"gnp-services-namespace-selector.yaml": "services: CEL since 3.33",
	"gnp-services-nets.yaml":               "services: CEL since 3.33",
	"gnp-services-no-name.yaml":            "services: CEL since 3.33",
	"gnp-services-selector.yaml":           "services: CEL since 3.33",
	"gnp-nets-257.yaml":                    "limits: since 3.33",
	"gnp-ports-51.yaml":                    "limits: since 3.33",
	"gnp-rules-1025.yaml":                  "limits: since 3.33",
	"gnp-selector-1025.yaml":               "limits: since 3.33",
	"tier-built-in-order.yaml":             "orders of built-in tiers: CEL since 3.33",
	"tier-default-order.yaml":              "orders of built-in tiers: CEL since 3.33",
}

// comparedObjects is the number of objects of our kinds in the corpus, IBM's samples and the case collection.
const comparedObjects = 109 + 111 + 126 + 14

func TestOwnSchemasAgreeWithCalicos(t *testing.T) {
	older := maps.Clone(beyondSchemas)
	maps.Copy(older, sinceSchemas333)
	for _, release := range []struct {
		folder, apiVersion string
		stricter           map[string]string
	}{
		{"calico-projectcalico.org-v3-native-release-v3.33-branch", "projectcalico.org/v3", beyondSchemas},
		{"calico-projectcalico.org-v3-native-v3.32.1", "projectcalico.org/v3", older},
		{"calico-crd.projectcalico.org-v1-v3.32.1", "crd.projectcalico.org/v1", older},
	} {
		t.Run(release.folder, func(t *testing.T) {
			theirs, err := SchemasFrom(shareddata.Path(t, "crds/"+release.folder, comparedObjects))
			if err != nil {
				t.Fatal(err)
			}
			compareSchemas(t, theirs, release.apiVersion, release.stricter)
		})
	}
}

// compareSchemas wants the two to differ at exactly the named objects, and there ours to be the stricter one.
func compareSchemas(t *testing.T, theirs *crd.Set, apiVersion string, stricter map[string]string) {
	t.Helper()
	ours, err := Schemas()
	if err != nil {
		t.Fatal(err)
	}
	unseen := maps.Clone(stricter)
	compared := 0
	for _, document := range calicoDocuments(t) {
		header, gvk, mine := ofOurKinds(ours, document)
		if !mine {
			continue
		}
		compared++
		ourErrors := ours.Judge(gvk, document.Text)
		theirText := strings.Replace(string(document.Text), "projectcalico.org/v3", apiVersion, 1)
		theirErrors := theirs.Judge(schema.FromAPIVersionAndKind(apiVersion, header.Kind), []byte(theirText))
		name := filepath.Base(document.File)
		if _, byName := stricter[header.Metadata.Name]; byName {
			name = header.Metadata.Name
		}
		switch {
		case len(ourErrors) == 0 && len(theirErrors) > 0:
			t.Errorf("%s %s: only Calico refuses: %v", document.Position(), header.ID(), theirErrors)
		case len(ourErrors) > 0 && len(theirErrors) == 0 && stricter[name] == "":
			t.Errorf("%s %s: only we refuse: %v", document.Position(), header.ID(), ourErrors)
		case len(ourErrors) > 0 && len(theirErrors) == 0:
			delete(unseen, name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(unseen)) {
		t.Errorf("%s (%s) is no difference", name, unseen[name])
	}
	if compared != comparedObjects {
		t.Errorf("compared %d objects, want %d", compared, comparedObjects)
	}
}

// calicoDocuments returns the documents of the corpus, of IBM's samples and of the collection of cases.
func calicoDocuments(t *testing.T) []manifest.Document {
	t.Helper()
	var documents []manifest.Document
	for _, root := range []string{
		badFolder, goodFolder,
		shareddata.Path(t, "real/calico-ibm", comparedObjects), shareddata.Path(t, "crd-cases.yaml", comparedObjects),
	} {
		err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".yaml") {
				return err
			}
			found, err := manifest.Read(path)
			documents = append(documents, found...)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return documents
}

func ofOurKinds(ours *crd.Set, document manifest.Document) (manifest.Header, schema.GroupVersionKind, bool) {
	header, err := document.Header()
	gvk := schema.FromAPIVersionAndKind(header.APIVersion, header.Kind)
	return header, gvk, err == nil && ours.Has(gvk)
}

func TestIBMsSamplesPass(t *testing.T) {
	const samples, hostEndpoints = 126, 12
	root := shareddata.Path(t, "real/calico-ibm", samples)
	linter := newLinter(t)
	passed, unjudged := 0, 0
	for _, document := range calicoDocuments(t) {
		if !strings.HasPrefix(document.File, root) {
			continue
		}
		verdict := linter.Judge(document)
		switch {
		case strings.Contains(verdict.ID, "/HostEndpoint "):
			unjudged++
		case verdict.Bad():
			t.Error(verdict.Line())
		default:
			passed++
		}
	}
	if passed != samples || unjudged != hostEndpoints {
		t.Errorf("%d samples passed and %d are host endpoints, want %d and %d", passed, unjudged, samples, hostEndpoints)
	}
}
