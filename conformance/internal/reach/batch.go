package reach

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"polc.dev/conformance/internal/manifest"
)

// request is one world and the questions about it: {"manifests": "<YAML>", "queries": [["a/b", "c/d", "TCP", 80]]}.
type request struct {
	Manifests string  `json:"manifests"`
	Queries   [][]any `json:"queries"`
}

// Batch reads one request a line and writes one response a line, in the same order, until the stream ends. Each
// response is written out before the next line is read, so that a caller may wait for it. A request that cannot be
// answered gets an error in its response; only a stream that cannot be read or written ends with an error.
func (l *Loader) Batch(in io.Reader, out io.Writer) error {
	reader := bufio.NewReader(in)
	encoder := json.NewEncoder(out)
	for {
		line, err := reader.ReadBytes('\n')
		if err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		if len(line) > 0 {
			if err := encoder.Encode(l.respond(line)); err != nil {
				return err
			}
		}
		if err != nil {
			return nil
		}
	}
}

func (l *Loader) respond(line []byte) any {
	answers, err := l.answer(line)
	if err != nil {
		return map[string]string{"error": err.Error()}
	}
	return map[string][]bool{"answers": answers}
}

func (l *Loader) answer(line []byte) ([]bool, error) {
	decoder := json.NewDecoder(strings.NewReader(string(line)))
	decoder.DisallowUnknownFields()
	decoder.UseNumber()
	var asked request
	if err := decoder.Decode(&asked); err != nil {
		return nil, err
	}
	documents, err := manifest.Split("manifests", strings.NewReader(asked.Manifests))
	if err != nil {
		return nil, err
	}
	world, err := l.Load(documents)
	if err != nil {
		return nil, err
	}
	judge, err := NewJudge(world)
	if err != nil {
		return nil, err
	}
	return judge.askAll(asked.Queries)
}

func (j *Judge) askAll(queries [][]any) ([]bool, error) {
	answers := make([]bool, 0, len(queries))
	for i, parts := range queries {
		var texts []string
		for _, part := range parts {
			texts = append(texts, fmt.Sprint(part))
		}
		query, err := NewQuery(texts)
		if err != nil {
			return nil, fmt.Errorf("queries[%d]: %w", i, err)
		}
		answer, err := j.Ask(query)
		if err != nil {
			return nil, fmt.Errorf("queries[%d]: %w", i, err)
		}
		answers = append(answers, answer.Allowed)
	}
	return answers, nil
}
