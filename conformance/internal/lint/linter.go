// Package lint judges manifests as a Kubernetes API server would, without a server: strict decoding, defaulting and
// validation by Kubernetes' own code for built-in kinds, schemas with CEL for Calico's kinds, and for the latter also
// what Calico's own validator says beyond its schemas. A kind that no one here can judge is refused, never passed.
package lint

import (
	"os"
	"strings"

	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"k8s.io/kubernetes/pkg/api/legacyscheme"
	_ "k8s.io/kubernetes/pkg/apis/admissionregistration/install"
	_ "k8s.io/kubernetes/pkg/apis/core/install"
	_ "k8s.io/kubernetes/pkg/apis/networking/install"
	_ "k8s.io/kubernetes/pkg/apis/rbac/install"

	"polc.dev/conformance/internal/calico"
	"polc.dev/conformance/internal/crd"
	"polc.dev/conformance/internal/manifest"
)

// Linter judges documents. It is not safe for concurrent use.
type Linter struct {
	scheme *runtime.Scheme
	codecs serializer.CodecFactory
	custom *crd.Set
	// more is a folder of further definitions, read when a kind is met that is not among the others.
	more string
}

// New returns a linter for the built-in kinds, the custom resources of the set, and those that are defined in a folder
// (none if it is empty), which is read only if it is needed.
func New(custom *crd.Set, more string) *Linter {
	return &Linter{
		scheme: legacyscheme.Scheme,
		codecs: serializer.NewCodecFactory(legacyscheme.Scheme, serializer.EnableStrict),
		custom: custom,
		more:   more,
	}
}

// Verdict is what the linter says of one document.
type Verdict struct {
	File    string   `json:"file"`
	Index   int      `json:"index"`
	ID      string   `json:"id"`
	Verdict string   `json:"verdict"` // "ok" or "BAD"
	Errors  []string `json:"errors"`
}

// Bad says whether the document is refused.
func (v Verdict) Bad() bool { return v.Verdict != ok }

const (
	ok  = "ok"
	bad = "BAD"
)

// Judge decodes, defaults and validates one document.
func (l *Linter) Judge(document manifest.Document) Verdict {
	verdict := Verdict{File: document.File, Index: document.Index, ID: "?", Verdict: ok, Errors: []string{}}
	header, err := document.Header()
	if err != nil {
		verdict.Errors = append(verdict.Errors, err.Error())
	} else {
		verdict.ID = header.ID()
		verdict.Errors = append(verdict.Errors, l.errors(header, document)...)
	}
	if len(verdict.Errors) > 0 {
		verdict.Verdict = bad
	}
	return verdict
}

// Line is the verdict as one line of tab-separated columns: verdict, file#index, object, errors.
func (v Verdict) Line() string {
	position := manifest.Document{File: v.File, Index: v.Index}.Position()
	return strings.Join([]string{v.Verdict, position, oneLine(v.ID), oneLine(strings.Join(v.Errors, " | "))}, "\t")
}

func oneLine(text string) string {
	return strings.NewReplacer("\n", " ", "\t", " ", "\r", " ").Replace(text)
}

func (l *Linter) errors(header manifest.Header, document manifest.Document) []string {
	gvk := schema.FromAPIVersionAndKind(header.APIVersion, header.Kind)
	if err := l.readMore(gvk); err != nil {
		return []string{err.Error()}
	}
	switch {
	case l.custom.Has(gvk):
		errors := l.custom.Judge(gvk, document.Text)
		if calico.Owns(gvk) {
			errors = append(errors, calico.Judge(gvk.Kind, document.Text)...)
		}
		return errors
	case isKustomization(gvk):
		return judgeKustomization(document)
	default:
		return l.judgeBuiltIn(gvk, document.Text)
	}
}

// readMore reads the further definitions for the first kind that nobody else knows.
func (l *Linter) readMore(gvk schema.GroupVersionKind) error {
	if l.more == "" || l.custom.Has(gvk) || isKustomization(gvk) || l.scheme.Recognizes(gvk) {
		return nil
	}
	folder := l.more
	l.more = ""
	return addFiles(l.custom, os.DirFS(folder), ".")
}
