package reach

import (
	"fmt"
	"io"
	"strings"

	"polc.dev/conformance/internal/batch"
	"polc.dev/conformance/internal/manifest"
)

// request is one world and the questions about it: {"manifests": "<YAML>", "queries": [["a/b", "c/d", "TCP", 80]]}.
type request struct {
	Manifests string  `json:"manifests"`
	Queries   [][]any `json:"queries"`
}

// Batch answers one request a line, as package batch says; its response is {"answers": [true, …]} or {"error": "…"}.
func (l *Loader) Batch(in io.Reader, out io.Writer) error {
	return batch.Run(in, out, func(line []byte) (map[string][]bool, error) {
		answers, err := l.answer(line)
		return map[string][]bool{"answers": answers}, err
	})
}

func (l *Loader) answer(line []byte) ([]bool, error) {
	var asked request
	if err := batch.Decode(line, &asked); err != nil {
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
