// calico-selector is Calico's own selector parser and evaluator.
//
//	calico-selector                          evaluates lines of standard input: SELECTOR <TAB> k=v,k=v
//	calico-selector -manifests FILE...       judges every selector of the Calico policies in the files
//
// A line of input gives a line of output: "ok <TAB> true|false <TAB> canonical form" or "err <TAB> reason". The labels
// may be left out. With -manifests the columns of a line are ok or BAD, file#n, apiVersion/kind namespace/name, the
// field, and the canonical form or the reason; documents of other groups than projectcalico.org are passed over.
// Exit 1: a selector is bad; 2: something cannot be read.
package main

import (
	"bufio"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"

	"polc.dev/conformance/internal/selector"
)

const (
	exitBad   = 1
	exitUsage = 2
)

func main() {
	manifests := flag.Bool("manifests", false, "judge the selectors of manifests")
	flag.Parse()
	out := bufio.NewWriter(os.Stdout)
	var bad int
	var err error
	switch {
	case *manifests && flag.NArg() > 0:
		bad, err = judgeManifests(flag.Args(), out)
	case !*manifests && flag.NArg() == 0:
		bad, err = evaluateLines(os.Stdin, out)
	default:
		err = errors.New("want either lines on standard input or -manifests and files")
	}
	if flushErr := out.Flush(); err == nil {
		err = flushErr
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "calico-selector:", err)
		os.Exit(exitUsage)
	}
	if bad > 0 {
		os.Exit(exitBad)
	}
}

// evaluateLines returns how many selectors did not parse.
func evaluateLines(in io.Reader, out io.Writer) (bad int, err error) {
	const longestLine = 1 << 24
	scanner := bufio.NewScanner(in)
	scanner.Buffer(nil, longestLine)
	for scanner.Scan() {
		expression, labels, _ := strings.Cut(scanner.Text(), "\t")
		parsed, err := selector.Parse(expression)
		if err != nil {
			bad++
			fmt.Fprintf(out, "err\t%v\n", err)
			continue
		}
		set, err := parseLabels(labels)
		if err != nil {
			return bad, err
		}
		fmt.Fprintf(out, "ok\t%v\t%s\n", parsed.Evaluate(set), parsed.Canonical())
	}
	return bad, scanner.Err()
}

func parseLabels(text string) (map[string]string, error) {
	labels := map[string]string{}
	if text == "" {
		return labels, nil
	}
	for _, pair := range strings.Split(text, ",") {
		key, value, ok := strings.Cut(pair, "=")
		if !ok {
			return nil, fmt.Errorf("label %q: want key=value", pair)
		}
		labels[key] = value
	}
	return labels, nil
}
