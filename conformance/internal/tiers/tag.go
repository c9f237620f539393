package tiers

import (
	"fmt"
	"strings"

	"go.yaml.in/yaml/v3"
)

// refuseTags refuses YAML tags. "selector: !has(app)" is one on an empty text, which the API server's reader takes for
// the empty selector, and that selects everything.
func refuseTags(text []byte) error {
	var document yaml.Node
	if err := yaml.Unmarshal(text, &document); err != nil {
		return err
	}
	return refuseTagsOf(&document)
}

func refuseTagsOf(node *yaml.Node) error {
	if strings.HasPrefix(node.Tag, "!") && !strings.HasPrefix(node.Tag, "!!") {
		return fmt.Errorf("line %d: %s is a YAML tag, not a text: quote it", node.Line, node.Tag)
	}
	for _, inner := range node.Content {
		if err := refuseTagsOf(inner); err != nil {
			return err
		}
	}
	return nil
}
