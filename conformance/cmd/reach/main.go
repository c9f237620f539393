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

	"polc.dev/conformance/internal/command"
	"polc.dev/conformance/internal/reach"
)

func main() { command.Main("reach", run) }

func run(arguments []string, in io.Reader, out io.Writer) error {
	flags := flag.NewFlagSet("reach", flag.ContinueOnError)
	var external, ports, ignored command.List
	flags.Var(&external, "ext", "address outside the cluster, asked about both ways (repeat)")
	flags.Var(&ports, "port", "PROTOCOL/NUMBER to ask about at every destination (repeat)")
	flags.Var(&ignored, "ignore", "kind to pass over (repeat)")
	namespace := flags.String("namespace", "", "namespace of pods and policies that name none (default: they are refused)")
	queries := flags.String("queries", "", "file of questions")
	batch := flags.String("batch", "", "file of JSON requests")
	if err := flags.Parse(arguments); err != nil {
		return err
	}
	loader := reach.NewLoader(reach.LoaderOptions{IgnoredKinds: ignored, Namespace: *namespace})
	if *batch != "" {
		return runBatch(loader, *batch, in, out)
	}
	judge, err := load(loader, flags.Args())
	if err != nil {
		return err
	}
	buffered := bufio.NewWriter(out)
	if *queries != "" {
		err = runQueries(judge, *queries, in, buffered)
	} else {
		err = list(judge, external, ports, buffered)
	}
	if flushErr := buffered.Flush(); err == nil {
		err = flushErr
	}
	return err
}

func load(loader *reach.Loader, files []string) (*reach.Judge, error) {
	documents, err := command.Documents(files)
	if err != nil {
		return nil, err
	}
	world, err := loader.Load(documents)
	if err != nil {
		return nil, err
	}
	return reach.NewJudge(world)
}

func list(judge *reach.Judge, external, ports []string, out io.Writer) error {
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

func runQueries(judge *reach.Judge, path string, in io.Reader, out io.Writer) error {
	stream, err := command.Open(path, in)
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

func runBatch(loader *reach.Loader, path string, in io.Reader, out io.Writer) error {
	stream, err := command.Open(path, in)
	if err != nil {
		return err
	}
	defer stream.Close()
	return loader.Batch(stream, out)
}
