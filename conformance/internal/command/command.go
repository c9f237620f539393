// Package command is what the judges' commands have in common: how they start and end, and what they read.
package command

import (
	"fmt"
	"io"
	"os"
	"strings"

	"polc.dev/conformance/internal/manifest"
)

const exitUsage = 2

// Main runs a command over the process's arguments and streams. An error is told on standard error, after the command's
// name, and ends the process with 2.
func Main(name string, run func(arguments []string, in io.Reader, out io.Writer) error) {
	if err := run(os.Args[1:], os.Stdin, os.Stdout); err != nil {
		fmt.Fprintf(os.Stderr, "%s: %v\n", name, err)
		os.Exit(exitUsage)
	}
}

// List is a flag that may be given several times.
type List []string

func (l *List) String() string { return strings.Join(*l, ",") }

// Set adds what one of them says.
func (l *List) Set(value string) error {
	*l = append(*l, value)
	return nil
}

// Open opens a file; "-" is standard input.
func Open(path string, in io.Reader) (io.ReadCloser, error) {
	if path == "-" {
		return io.NopCloser(in), nil
	}
	return os.Open(path)
}

// Documents reads all documents of some files. None at all is an error.
func Documents(files []string) ([]manifest.Document, error) {
	var documents []manifest.Document
	for _, file := range files {
		found, err := manifest.Read(file)
		if err != nil {
			return nil, err
		}
		documents = append(documents, found...)
	}
	if len(documents) == 0 {
		return nil, fmt.Errorf("no document in %d files", len(files))
	}
	return documents, nil
}
