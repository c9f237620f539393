// reach says which connections NetworkPolicies let pass, by Cyclonus' matcher.
//
//	reach [-ext IP]... [-port PROTOCOL/NUMBER]... [-ignore KIND]... FILE...   all pairs of ends, all ports worth asking
//	reach -queries QUERIES [-ignore KIND]... FILE...                         the questions of a file, in its order
//	reach -batch REQUESTS                                                    many worlds, one JSON request a line
//
// FILEs hold Namespaces, Pods (status.podIP is the address) and NetworkPolicies as YAML. A line of the output is
// "source -> destination TCP/80 allow" or "… deny". A line of QUERIES is source, destination, protocol and port with
// tabs between; source and destination are namespace/name or an address outside. "-" is standard input. A request is
// {"manifests": "<YAML>", "queries": [[source, destination, protocol, port], …]}, its response
// {"answers": [true, …]} or {"error": "…"}.
// Exit 2: something could not be read, is not known or is not valid; nothing is passed over.
package main

import (
	"bufio"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"

	"polc.dev/conformance/internal/manifest"
	"polc.dev/conformance/internal/reach"
)

const exitUsage = 2

// list is a flag that may be given several times.
type list []string

func (l *list) String() string { return strings.Join(*l, ",") }

func (l *list) Set(value string) error {
	*l = append(*l, value)
	return nil
}

func main() {
	var external, ports, ignored list
	flag.Var(&external, "ext", "address outside the cluster, asked about both ways (repeat)")
	flag.Var(&ports, "port", "PROTOCOL/NUMBER to ask about at every destination (repeat)")
	flag.Var(&ignored, "ignore", "kind to pass over (repeat)")
	namespace := flag.String("namespace", "", "namespace of pods and policies that name none (default: they are refused)")
	queries := flag.String("queries", "", "file of questions")
	batch := flag.String("batch", "", "file of JSON requests")
	flag.Parse()
	out := bufio.NewWriter(os.Stdout)
	loader := reach.NewLoader(reach.LoaderOptions{IgnoredKinds: ignored, Namespace: *namespace})
	err := run(loader, external, ports, *queries, *batch, out)
	if flushErr := out.Flush(); err == nil {
		err = flushErr
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "reach:", err)
		os.Exit(exitUsage)
	}
}

func run(loader *reach.Loader, external, ports list, queries, batch string, out *bufio.Writer) error {
	if batch != "" {
		return runBatch(loader, batch)
	}
	judge, err := load(loader, flag.Args())
	if err != nil {
		return err
	}
	if queries != "" {
		return runQueries(judge, queries, out)
	}
	options := reach.Options{External: external}
	for _, text := range ports {
		port, err := reach.ParsePort(text)
		if err != nil {
			return err
		}
		options.Ports = append(options.Ports, port)
	}
	return judge.List(options, func(answer reach.Answer) error {
		_, err := fmt.Fprintln(out, answer)
		return err
	})
}

func load(loader *reach.Loader, files []string) (*reach.Judge, error) {
	var documents []manifest.Document
	for _, file := range files {
		found, err := manifest.Read(file)
		if err != nil {
			return nil, err
		}
		documents = append(documents, found...)
	}
	if len(documents) == 0 {
		return nil, fmt.Errorf("no document in %d files", len(files))
	}
	world, err := loader.Load(documents)
	if err != nil {
		return nil, err
	}
	return reach.NewJudge(world)
}

func runQueries(judge *reach.Judge, path string, out io.Writer) error {
	stream, err := open(path)
	if err != nil {
		return err
	}
	defer stream.Close()
	asked, err := reach.ReadQueries(path, stream)
	if err != nil {
		return err
	}
	for _, query := range asked {
		answer, err := judge.Ask(query)
		if err != nil {
			return err
		}
		if _, err := fmt.Fprintln(out, answer); err != nil {
			return err
		}
	}
	return nil
}

func runBatch(loader *reach.Loader, path string) error {
	stream, err := open(path)
	if err != nil {
		return err
	}
	defer stream.Close()
	return loader.Batch(stream, os.Stdout)
}

func open(path string) (io.ReadCloser, error) {
	if path == "-" {
		return os.Stdin, nil
	}
	return os.Open(path)
}
