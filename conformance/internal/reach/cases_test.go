package reach

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"testing"

	"polc.dev/conformance/internal/manifest"
	"polc.dev/conformance/internal/shareddata"
)

// The numbers of rows of the collections of cases; a collection of another size is a mistake in reading it.
var collections = map[string]struct{ steps, rows int }{
	"netpol-k8s-e2e":  {32, 2304},
	"netpol-cyclonus": {142, 60480},
	"netpol-recipes":  {9, 26},
}

func TestRealCasesHaveTheirExpectedOutcome(t *testing.T) {
	for name, want := range collections {
		t.Run(name, func(t *testing.T) {
			root := shareddata.Path(t, "real/"+name, want.rows)
			files := expectations(t, root)
			rows := 0
			for _, file := range files {
				rows += judgeCase(t, root, file)
			}
			if len(files) != want.steps || rows != want.rows {
				t.Errorf("judged %d rows of %d steps, want %d of %d", rows, len(files), want.rows, want.steps)
			}
		})
	}
}

func expectations(t *testing.T, root string) []string {
	t.Helper()
	var files []string
	for _, pattern := range []string{"*/expected.csv", "*/*/expected.csv"} {
		found, err := filepath.Glob(filepath.Join(root, pattern))
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, found...)
	}
	return files
}

// judgeCase compares every row of a table with the judge's answer and returns how many rows were compared. Rows from a pod to itself
// are left out: some collections do not judge them, and others count them as an evaluator without that rule does.
func judgeCase(t *testing.T, root, file string) int {
	t.Helper()
	judge := judgeOfFolder(t, root, filepath.Dir(file))
	stream, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer stream.Close()
	rows, err := csv.NewReader(stream).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	compared := 0
	for _, row := range rows[1:] {
		source, destination, port, protocol, expected := row[0], row[1], row[2], row[3], row[4]
		if source == destination {
			continue
		}
		query, err := NewQuery([]string{source, destination, protocol, port})
		if err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		answer, err := judge.Ask(query)
		if err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		if got := map[bool]string{true: "allowed", false: "denied"}[answer.Allowed]; got != expected {
			t.Errorf("%s: %v, want %s", file, answer, expected)
		}
		compared++
	}
	return compared
}

// judgeOfFolder reads policies.yaml and cluster.yaml, the latter from the collection's _default where the case has none.
func judgeOfFolder(t *testing.T, root, folder string) *Judge {
	t.Helper()
	cluster := filepath.Join(folder, "cluster.yaml")
	if _, err := os.Stat(cluster); err != nil {
		cluster = filepath.Join(root, "_default", "cluster.yaml")
	}
	documents, err := manifest.Read(cluster)
	if err != nil {
		t.Fatal(err)
	}
	policies, err := manifest.Read(filepath.Join(folder, "policies.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	world, err := NewLoader(LoaderOptions{Namespace: "default"}).Load(append(documents, policies...))
	if err != nil {
		t.Fatalf("%s: %v", folder, err)
	}
	judge, err := NewJudge(world)
	if err != nil {
		t.Fatal(err)
	}
	return judge
}
