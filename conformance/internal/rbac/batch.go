// Package rbac answers whether a request is allowed, by the authorizer, the rule resolver and the privileged group of
// the API server itself, over objects from manifests.
package rbac

import (
	"context"
	"io"
	"strings"

	"k8s.io/apiserver/pkg/authentication/user"
	"k8s.io/apiserver/pkg/authorization/authorizer"

	"polc.dev/conformance/internal/batch"
	"polc.dev/conformance/internal/manifest"
)

// question is a world of objects and what is asked of it.
type question struct {
	Manifests string    `json:"manifests"`
	Requests  []request `json:"requests"`
}

// request is what somebody asks of the API server: about a resource, or about a path where URL is not empty.
type request struct {
	User        string   `json:"user"`
	Groups      []string `json:"groups"`
	Verb        string   `json:"verb"`
	Group       string   `json:"group"`
	Resource    string   `json:"resource"`
	Subresource string   `json:"subresource"`
	Namespace   string   `json:"namespace"`
	Name        string   `json:"name"`
	URL         string   `json:"url"`
}

// answer has a word for each request, and the RBAC objects that the API server would not take, with the reason.
type answer struct {
	Answers []bool   `json:"answers"`
	Refused []string `json:"refused"`
}

// Batch answers one question a line, as package batch says.
func Batch(in io.Reader, out io.Writer) error {
	return batch.Run(in, out, respond)
}

func respond(line []byte) (answer, error) {
	var asked question
	if err := batch.Decode(line, &asked); err != nil {
		return answer{}, err
	}
	documents, err := manifest.Split("manifests", strings.NewReader(asked.Manifests))
	if err != nil {
		return answer{}, err
	}
	objects, err := load(documents)
	if err != nil {
		return answer{}, err
	}
	objects.aggregate()
	judge := objects.authorizer()
	answers := make([]bool, 0, len(asked.Requests))
	for _, one := range asked.Requests {
		decision, _, err := judge.Authorize(context.Background(), one.attributes())
		if err != nil {
			return answer{}, err
		}
		answers = append(answers, decision == authorizer.DecisionAllow)
	}
	return answer{Answers: answers, Refused: objects.refused}, nil
}

func (r request) attributes() authorizer.Attributes {
	return authorizer.AttributesRecord{
		User:            &user.DefaultInfo{Name: r.User, Groups: r.Groups},
		Verb:            r.Verb,
		Namespace:       r.Namespace,
		APIGroup:        r.Group,
		APIVersion:      "v1",
		Resource:        r.Resource,
		Subresource:     r.Subresource,
		Name:            r.Name,
		ResourceRequest: r.URL == "",
		Path:            r.URL,
	}
}
