package tiers

import (
	"fmt"
	"io"
	"strings"

	"polc.dev/conformance/internal/batch"
	"polc.dev/conformance/internal/manifest"
)

// request is one world and the questions about it.
type request struct {
	Manifests string  `json:"manifests"`
	Probes    []Probe `json:"probes"`
	// Explain asks for the reasons too.
	Explain bool `json:"explain"`
}

// response has a verdict a probe, in the order of the probes.
type response struct {
	Verdicts []string `json:"verdicts"`
	Reasons  []string `json:"reasons,omitempty"`
}

// Batch answers one request a line, as package batch says.
func (l *Loader) Batch(in io.Reader, out io.Writer) error { return batch.Run(in, out, l.answer) }

func (l *Loader) answer(line []byte) (response, error) {
	var asked request
	if err := batch.Decode(line, &asked); err != nil {
		return response{}, err
	}
	documents, err := manifest.Split("manifests", strings.NewReader(asked.Manifests))
	if err != nil {
		return response{}, err
	}
	judge, err := l.Load(documents)
	if err != nil {
		return response{}, err
	}
	found := response{Verdicts: []string{}}
	for i, probe := range asked.Probes {
		answer, err := judge.Ask(probe)
		if err != nil {
			return response{}, fmt.Errorf("probes[%d]: %w", i, err)
		}
		found.Verdicts = append(found.Verdicts, answer.Verdict())
		if asked.Explain {
			found.Reasons = append(found.Reasons, answer.Reason)
		}
	}
	return found, nil
}

// Verdict is "allow" or "deny".
func (a Answer) Verdict() string {
	if a.Allowed {
		return "allow"
	}
	return "deny"
}
