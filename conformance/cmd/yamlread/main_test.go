package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestReadsAsTheAPIServerDoes(t *testing.T) {
	text := "a: yes\nb: 1e3\nc: 'yes'\nd: 0o17\n---\nx: 1\nx: 2\n---\nz: &a [1]\nw: *a\n"
	file := filepath.Join(t.TempDir(), "f.yaml")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	bad, err := readFiles([]string{file}, &out)
	if err != nil || bad != 1 {
		t.Fatalf("bad %d, %v", bad, err)
	}
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	if len(lines) != 3 {
		t.Fatalf("got %q", lines)
	}
	if want := `{"a":true,"b":1000,"c":"yes","d":15}`; lines[0] != want {
		t.Errorf("got %s, want %s", lines[0], want)
	}
	if !strings.HasPrefix(lines[1], `{"error":`) || !strings.Contains(lines[1], "already set in map") {
		t.Errorf("duplicate keys give %s", lines[1])
	}
	if want := `{"w":[1],"z":[1]}`; lines[2] != want {
		t.Errorf("got %s, want %s", lines[2], want)
	}
}
