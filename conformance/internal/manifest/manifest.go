// Package manifest reads files of Kubernetes objects the way kubectl and the API server read them: split into
// documents at lines that begin with "---", every document YAML 1.1 by sigs.k8s.io/yaml, which sees duplicate keys.
package manifest

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"

	utilyaml "k8s.io/apimachinery/pkg/util/yaml"
	"sigs.k8s.io/yaml"
)

// Document is one YAML document of a file.
type Document struct {
	File  string // as given on the command line
	Index int    // place in the file, from 1; documents of comments alone are counted but not returned
	Text  []byte
}

// Position names the document in messages: file#index.
func (d Document) Position() string { return fmt.Sprintf("%s#%d", d.File, d.Index) }

// Header is what says which kind of object a document is, and which object.
type Header struct {
	APIVersion string `json:"apiVersion"`
	Kind       string `json:"kind"`
	Metadata   struct {
		Namespace string `json:"namespace"`
		Name      string `json:"name"`
	} `json:"metadata"`
}

// ID is the object's full name in output lines: apiVersion/kind namespace/name.
func (h Header) ID() string {
	return fmt.Sprintf("%s/%s %s/%s", h.APIVersion, h.Kind, h.Metadata.Namespace, h.Metadata.Name)
}

// Header reads the document's header leniently, so that a document with faults elsewhere can still be named.
func (d Document) Header() (Header, error) {
	var h Header
	err := yaml.Unmarshal(d.Text, &h)
	return h, err
}

// Read returns the documents of a file; the name "-" is standard input.
func Read(path string) ([]Document, error) {
	if path == "-" {
		return Split(path, os.Stdin)
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return Split(path, file)
}

// Split returns the documents of a stream. The name is kept for messages.
func Split(name string, stream io.Reader) ([]Document, error) {
	reader := utilyaml.NewYAMLReader(bufio.NewReader(stream))
	var documents []Document
	for index := 1; ; index++ {
		text, err := reader.Read()
		if errors.Is(err, io.EOF) {
			return documents, nil
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		if !isBlank(text) {
			documents = append(documents, Document{File: name, Index: index, Text: text})
		}
	}
}

// isBlank says whether a document holds nothing but comments, blank lines and separators.
func isBlank(text []byte) bool {
	for _, line := range bytes.Split(text, []byte("\n")) {
		line = bytes.TrimSpace(line)
		if len(line) > 0 && line[0] != '#' && !bytes.Equal(line, []byte("---")) {
			return false
		}
	}
	return true
}
