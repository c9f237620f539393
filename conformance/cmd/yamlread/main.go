// yamlread reads YAML as the API server reads a request (sigs.k8s.io/yaml, duplicate keys refused) and prints each
// document as one line of JSON.
//
//	yamlread FILE...
//
// "-" is standard input. A document that cannot be read gives the line {"error": "…"} in its place.
// Exit 1: a document could not be read; 2: a file could not, or wrong usage.
package main

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"

	"sigs.k8s.io/yaml"

	"polc.dev/conformance/internal/manifest"
)

const (
	exitBad   = 1
	exitUsage = 2
)

func main() {
	flag.Parse()
	if flag.NArg() == 0 {
		flag.Usage()
		os.Exit(exitUsage)
	}
	out := bufio.NewWriter(os.Stdout)
	bad, err := readFiles(flag.Args(), out)
	if flushErr := out.Flush(); err == nil {
		err = flushErr
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "yamlread:", err)
		os.Exit(exitUsage)
	}
	if bad > 0 {
		os.Exit(exitBad)
	}
}

// readFiles prints the documents of the files and returns how many of them could not be read.
func readFiles(files []string, out io.Writer) (bad int, err error) {
	for _, file := range files {
		documents, err := manifest.Read(file)
		if err != nil {
			return bad, err
		}
		for _, document := range documents {
			line, err := yaml.YAMLToJSONStrict(document.Text)
			if err != nil {
				bad++
				if line, err = json.Marshal(map[string]string{"error": err.Error()}); err != nil {
					return bad, err
				}
			}
			if _, err := fmt.Fprintf(out, "%s\n", line); err != nil {
				return bad, err
			}
		}
	}
	return bad, nil
}
