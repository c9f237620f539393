// calico-tiers says which connections Calico's policies let pass, tier by tier; package tiers says what it knows.
//
//	calico-tiers -from END -to END [-protocol TCP] [-port N] [more] [-ignore KIND]... FILE...     one probe
//	calico-tiers -batch REQUESTS [-ignore KIND]...                  many worlds, one JSON request a line
//
// FILEs hold Namespaces, ServiceAccounts, Pods (status.podIP and podIPs are the addresses) and policies as YAML. END is
// namespace/name or an address. The output of a probe is "source -> destination TCP/80 allow" or "… deny", and a line
// that says which tier, policy and rule decided. A request is
//
//	{"manifests": "<YAML>", "explain": false, "probes": [{"source": "a/web", "destination": "10.0.0.1",
//	  "protocol": "TCP", "port": 80, "sourcePort": 40000, "icmpType": 8, "icmpCode": 0, "ipVersion": 4}, …]}
//
// where port is for TCP, UDP and SCTP, a number as protocol is fine, and everything after port may be left out. Its
// response is {"verdicts": ["allow", "deny", …]}, with "reasons" beside them if explain is true, or {"error": "…"}.
// "-" is standard input. Exit 2: something could not be read, is not valid or is not covered; nothing is passed over.
package main

import (
	"flag"
	"fmt"
	"io"

	"polc.dev/conformance/internal/command"
	"polc.dev/conformance/internal/tiers"
)

func main() { command.Main("calico-tiers", run) }

func run(arguments []string, in io.Reader, out io.Writer) error {
	flags := flag.NewFlagSet("calico-tiers", flag.ContinueOnError)
	var ignored command.List
	var batch, protocol string
	var probe tiers.Probe
	flags.Var(&ignored, "ignore", "kind to pass over (repeat)")
	flags.StringVar(&batch, "batch", "", "file of JSON requests")
	flags.StringVar(&probe.Source, "from", "", "namespace/name of a pod, or an address")
	flags.StringVar(&probe.Destination, "to", "", "namespace/name of a pod, or an address")
	flags.StringVar(&protocol, "protocol", "TCP", "TCP, UDP, SCTP, ICMP, ICMPv6, UDPLite or a number")
	numbers := map[string]*int{}
	for name, usage := range map[string]string{
		"port": "port at the destination", "source-port": "port at the source", "icmp-type": "type of ICMP",
		"icmp-code": "code of ICMP", "ip-version": "4 or 6",
	} {
		numbers[name] = flags.Int(name, 0, usage)
	}
	if err := flags.Parse(arguments); err != nil {
		return err
	}
	loader := tiers.NewLoader(ignored)
	if batch != "" {
		return runBatch(loader, batch, in, out)
	}
	flags.Visit(func(given *flag.Flag) {
		if number, ok := numbers[given.Name]; ok {
			setNumber(&probe, given.Name, number)
		}
	})
	probe.Protocol = protocol
	return runProbe(loader, probe, flags.Args(), out)
}

func setNumber(probe *tiers.Probe, name string, number *int) {
	switch name {
	case "port":
		probe.Port = number
	case "source-port":
		probe.SourcePort = number
	case "icmp-type":
		probe.ICMPType = number
	case "icmp-code":
		probe.ICMPCode = number
	case "ip-version":
		probe.IPVersion = number
	}
}

func runProbe(loader *tiers.Loader, probe tiers.Probe, files []string, out io.Writer) error {
	documents, err := command.Documents(files)
	if err != nil {
		return err
	}
	judge, err := loader.Load(documents)
	if err != nil {
		return err
	}
	answer, err := judge.Ask(probe)
	if err != nil {
		return err
	}
	asked := fmt.Sprint(probe.Protocol)
	if probe.Port != nil {
		asked += fmt.Sprintf("/%d", *probe.Port)
	}
	_, err = fmt.Fprintf(out, "%s -> %s %s %s\n  %s\n", probe.Source, probe.Destination, asked, answer.Verdict(), answer.Reason)
	return err
}

func runBatch(loader *tiers.Loader, path string, in io.Reader, out io.Writer) error {
	stream, err := command.Open(path, in)
	if err != nil {
		return err
	}
	defer stream.Close()
	return loader.Batch(stream, out)
}
