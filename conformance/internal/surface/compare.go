package surface

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

var source = regexp.MustCompile(`(?m)^# Source: ` + regexp.QuoteMeta(Path) + ` (v\S+) (\S+) `)

// Files are the tables by the names of their files.
func (t Tables) Files() map[string]string {
	return map[string]string{
		"resources-" + t.release + ".tsv": t.Resources,
		"roles-" + t.release + ".tsv":     t.Roles,
	}
}

// Releases are those that a folder has tables of, like `1.34`.
func Releases(folder string) ([]string, error) {
	names, err := filepath.Glob(filepath.Join(folder, "resources-*.tsv"))
	if err != nil {
		return nil, err
	}
	var all []string
	for _, name := range names {
		all = append(all, strings.TrimSuffix(strings.TrimPrefix(filepath.Base(name), "resources-"), ".tsv"))
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("%s: no tables", folder)
	}
	slices.Sort(all)
	return all, nil
}

// Compare makes the tables of a release again, from the sources that their head names, and gives the files that differ.
func Compare(folder, release string) ([]string, error) {
	text, err := os.ReadFile(filepath.Join(folder, "resources-"+release+".tsv"))
	if err != nil {
		return nil, err
	}
	named := source.FindSubmatch(text)
	if named == nil {
		return nil, fmt.Errorf("the head of its table names no source")
	}
	module, err := Fetch(string(named[1]))
	if err != nil {
		return nil, err
	}
	tables, err := Of(module)
	if err != nil {
		return nil, err
	}
	var different []string
	for name, want := range tables.Files() {
		text, err := os.ReadFile(filepath.Join(folder, name))
		if err != nil {
			return nil, err
		}
		if string(text) != want {
			different = append(different, name)
		}
	}
	slices.Sort(different)
	return different, nil
}
