// Package tiers says which connections between pods, and between pods and addresses outside, Calico's policies let
// pass: tiers, GlobalNetworkPolicy and NetworkPolicy of projectcalico.org/v3, network sets, NetworkPolicy of Kubernetes
// at its place among them, and the cluster-wide policies of policy.networking.k8s.io, which Calico puts into tiers.
//
// It is written from Calico's documented rules and shares no code with the project. Selectors are parsed and evaluated
// by Calico's own code, NetworkPolicies are defaulted and validated by the API server's. Where the documentation is
// silent, the packets' way through Calico's source decides: a rule with networks, notNets included, is about packets of
// their family; a named port without a protocol is one of TCP; a label of a pod wins over one it inherits.
//
// What is not modeled is an error that says "not covered": host endpoints and policies that need them, services as
// peers, HTTP matches, pods of the host network, and a policy whose tier is not given. So is every question whose
// answer differs by version, such as which of two policies of one order comes first where one is a NetworkPolicy.
package tiers
