// Package shareddata finds the test data beside the repository, which is never part of it.
package shareddata

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

// environment names the folder of the test data; unset, it is "shared" beside the repository.
const environment = "POLC_SHARED"

// Path returns the place of a file or folder of the test data, given relative to its "data" folder. Where the data are
// absent it skips the test and prints how many cases were skipped; where they are there but this one is not, it fails.
func Path(t *testing.T, name string, cases int) string {
	t.Helper()
	root, err := root()
	if err != nil {
		t.Fatal(err)
	}
	data := filepath.Join(root, "data")
	if _, err := os.Stat(data); err != nil {
		fmt.Printf("SKIP: %s: no test data at %s (%d cases)\n", t.Name(), data, cases)
		t.SkipNow()
	}
	path := filepath.Join(data, filepath.FromSlash(name))
	if _, err := os.Stat(path); err != nil {
		t.Fatal(err)
	}
	return path
}

func root() (string, error) {
	if path := os.Getenv(environment); path != "" {
		return path, nil
	}
	repository, err := repository()
	return filepath.Join(repository, "..", "shared"), err
}

// repository is the root of the repository: the folder above the one with this module's go.mod.
func repository() (string, error) {
	folder, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(folder, "go.mod")); err == nil {
			return filepath.Dir(folder), nil
		}
		parent := filepath.Dir(folder)
		if parent == folder {
			return "", fmt.Errorf("no go.mod above the working directory")
		}
		folder = parent
	}
}
