package lint

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"polc.dev/conformance/crds"
	"polc.dev/conformance/internal/crd"
	"polc.dev/conformance/internal/manifest"
)

// Schemas returns the project's own definitions of Calico's kinds.
func Schemas() (*crd.Set, error) { return loadSchemas(crds.Files, ".") }

// SchemasFrom returns the definitions in the YAML files of a folder (and the folders in it) or in one file.
func SchemasFrom(path string) (*crd.Set, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if info.IsDir() {
		return loadSchemas(os.DirFS(path), ".")
	}
	return loadSchemas(os.DirFS(filepath.Dir(path)), filepath.Base(path))
}

func loadSchemas(files fs.FS, root string) (*crd.Set, error) {
	set := crd.NewSet()
	return set, addFiles(set, files, root)
}

func addFiles(set *crd.Set, files fs.FS, root string) error {
	return fs.WalkDir(files, root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".yaml") {
			return err
		}
		text, err := fs.ReadFile(files, path)
		if err != nil {
			return err
		}
		return addAll(set, path, text)
	})
}

func addAll(set *crd.Set, path string, text []byte) error {
	documents, err := manifest.Split(path, bytes.NewReader(text))
	if err != nil {
		return err
	}
	for _, document := range documents {
		if err := set.Add(document); err != nil {
			return err
		}
	}
	return nil
}
