// Package crds holds CustomResourceDefinitions of the Calico kinds the project writes, for API version
// projectcalico.org/v3. They are the project's own: written from Calico's documented rules, with everything that a
// schema or CEL can say. What they cannot say is checked by package calico.
package crds

import "embed"

// Files holds one CustomResourceDefinition a file.
//
//go:embed *.yaml
var Files embed.FS
