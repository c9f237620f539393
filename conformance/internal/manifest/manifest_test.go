package manifest

import (
	"strings"
	"testing"
)

func TestSplitCountsCommentDocumentsButLeavesThemOut(t *testing.T) {
	text := "# only words\n---\nkind: A\n---\n# nothing\n---\nkind: B\nmetadata: {name: b, namespace: s}\n"
	documents, err := Split("f", strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	if len(documents) != 2 || documents[0].Position() != "f#2" || documents[1].Position() != "f#4" {
		t.Fatalf("got %v", documents)
	}
	header, err := documents[1].Header()
	if err != nil || header.ID() != "/B s/b" {
		t.Fatalf("got %q, %v", header.ID(), err)
	}
}

func TestReadFailsOnAbsentFile(t *testing.T) {
	if _, err := Read("does-not-exist.yaml"); err == nil {
		t.Fatal("an absent file was read")
	}
}
