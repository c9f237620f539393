// rbac judges requests by the API server's own authorizer, without a server.
//
//	rbac -batch FILE|-
//
// Reads one JSON object a line and writes one a line to standard output, as package batch says:
//
//	{"manifests": "<YAML>", "requests": [{"user": "alice", "groups": ["ops"], "verb": "get", "group": "apps",
//	  "resource": "deployments", "subresource": "", "namespace": "shop", "name": "web"}, {"user": "bob", "verb": "get",
//	  "url": "/metrics"}]}
//	{"answers": [true, false], "refused": ["rbac.authorization.k8s.io/v1beta1/Role shop/old: …"]}
//
// A member of system:masters is allowed everything, as the API server allows it before it asks RBAC.
// Exit 0: all lines were answered; 2: the stream cannot be read, or wrong usage.
package main

import (
	"flag"
	"fmt"
	"os"

	"polc.dev/conformance/internal/rbac"
)

const exitUsage = 2

func main() {
	batch := flag.String("batch", "", "answer one request a line of this file; - is standard input")
	flag.Parse()
	if *batch == "" || flag.NArg() != 0 {
		flag.Usage()
		os.Exit(exitUsage)
	}
	if err := answer(*batch); err != nil {
		fmt.Fprintln(os.Stderr, "rbac:", err)
		os.Exit(exitUsage)
	}
}

func answer(path string) error {
	if path == "-" {
		return rbac.Batch(os.Stdin, os.Stdout)
	}
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	return rbac.Batch(file, os.Stdout)
}
