// surface writes the tables of what an API server serves and of the roles that every cluster has, one pair of files a
// version of Kubernetes, from the sources of that version.
//
//	surface -write FOLDER v1.34.4...    writes FOLDER/resources-1.34.tsv and FOLDER/roles-1.34.tsv
//	surface -check FOLDER [1.34...]     makes the tables that are there, or those named, again, and compares
//
// Sources that are not in the module cache are downloaded, about 20 MB a version. Exit 0: written, or all equal; 1: a
// table differs; 2: it cannot be told.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"

	"polc.dev/conformance/internal/surface"
)

const (
	exitDiffers = 1
	exitUsage   = 2
)

func main() {
	write := flag.String("write", "", "the folder to write the tables of the versions named to")
	check := flag.String("check", "", "the folder whose tables are compared")
	flag.Parse()
	var err error
	differs := 0
	switch {
	case *write != "" && *check == "" && flag.NArg() > 0:
		err = writeAll(*write, flag.Args())
	case *check != "" && *write == "":
		differs, err = checkAll(*check, flag.Args())
	default:
		flag.Usage()
		os.Exit(exitUsage)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "surface:", err)
		os.Exit(exitUsage)
	}
	if differs > 0 {
		os.Exit(exitDiffers)
	}
}

func writeAll(folder string, versions []string) error {
	for _, version := range versions {
		module, err := surface.Fetch(version)
		if err != nil {
			return err
		}
		tables, err := surface.Of(module)
		if err != nil {
			return fmt.Errorf("%s: %w", version, err)
		}
		for name, text := range tables.Files() {
			if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o644); err != nil {
				return err
			}
		}
	}
	return nil
}

func checkAll(folder string, releases []string) (differs int, err error) {
	if len(releases) == 0 {
		releases, err = surface.Releases(folder)
		if err != nil {
			return 0, err
		}
	}
	for _, release := range releases {
		different, err := surface.Compare(folder, release)
		if err != nil {
			return differs, fmt.Errorf("%s: %w", release, err)
		}
		for _, name := range different {
			fmt.Printf("%s is not what the sources of its version say\n", filepath.Join(folder, name))
			differs++
		}
	}
	return differs, nil
}
