// kubelint judges manifests with the code of the Kubernetes API server and of Calico, without a server.
//
//	kubelint [-q] [-json] [-crd FILE|DIR] FILE...
//
// Definitions of custom resources that others publish lie in the folder schemas beside the program (build.sh).
//
// One line a document: "ok|BAD <TAB> file#n <TAB> apiVersion/kind namespace/name <TAB> errors", or with -json one
// object a line with the keys file, index, id, verdict, errors. A kind that cannot be judged is BAD.
// Exit 0: all documents are good; 1: one is BAD; 2: a file cannot be read, or wrong usage, or no document at all.
package main

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"

	"polc.dev/conformance/internal/crd"
	"polc.dev/conformance/internal/lint"
	"polc.dev/conformance/internal/manifest"
)

const (
	exitBad   = 1
	exitUsage = 2
)

func main() {
	quiet := flag.Bool("q", false, "print BAD documents only")
	asJSON := flag.Bool("json", false, "print one JSON object a document")
	definitions := flag.String("crd", "", "judge custom resources by these definitions instead of the built-in ones")
	flag.Parse()
	if flag.NArg() == 0 {
		flag.Usage()
		os.Exit(exitUsage)
	}
	schemas, err := loadSchemas(*definitions)
	if err != nil {
		fail(err)
	}
	out := bufio.NewWriter(os.Stdout)
	judged, bad, err := judgeFiles(lint.New(schemas, published()), flag.Args(), printer(out, *quiet, *asJSON))
	if flushErr := out.Flush(); err == nil {
		err = flushErr
	}
	switch {
	case err != nil:
		fail(err)
	case judged == 0:
		fail(fmt.Errorf("no document in %d files", flag.NArg()))
	case bad > 0:
		fmt.Fprintf(os.Stderr, "kubelint: %d of %d documents are bad\n", bad, judged)
		os.Exit(exitBad)
	}
}

// published is the folder of definitions beside the program; a kind that is defined nowhere is BAD.
func published() string {
	program, err := os.Executable()
	if err != nil {
		return ""
	}
	return filepath.Join(filepath.Dir(program), "schemas")
}

func loadSchemas(path string) (*crd.Set, error) {
	if path == "" {
		return lint.Schemas()
	}
	return lint.SchemasFrom(path)
}

// judgeFiles judges every document of the files and returns how many there are and how many are bad.
func judgeFiles(linter *lint.Linter, files []string, report func(lint.Verdict) error) (judged, bad int, err error) {
	for _, file := range files {
		documents, err := manifest.Read(file)
		if err != nil {
			return judged, bad, err
		}
		for _, document := range documents {
			verdict := linter.Judge(document)
			judged++
			if verdict.Bad() {
				bad++
			}
			if err := report(verdict); err != nil {
				return judged, bad, err
			}
		}
	}
	return judged, bad, nil
}

func printer(out *bufio.Writer, quiet, asJSON bool) func(lint.Verdict) error {
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	return func(verdict lint.Verdict) error {
		switch {
		case quiet && !verdict.Bad():
			return nil
		case asJSON:
			return encoder.Encode(verdict)
		default:
			_, err := fmt.Fprintln(out, verdict.Line())
			return err
		}
	}
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, "kubelint:", err)
	os.Exit(exitUsage)
}
