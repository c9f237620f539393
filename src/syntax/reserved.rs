//! Words the language keeps for itself.

/// Words that are no workload, peer list or namespace unless quoted (language, "Text").
pub const PEER_WORDS: &[&str] = &[
    "admin",
    "all",
    "always",
    "any",
    "anywhere",
    "apiserver",
    "baseline",
    "because",
    "cluster",
    "dns",
    "egress",
    "except",
    "external",
    "gateway",
    "host",
    "hosts",
    "id",
    "ingress",
    "internet",
    "mesh",
    "metadata",
    "namespaces",
    "nodeports",
    "nodes",
    "none",
    "outside",
    "owner",
    "pods",
    "self",
    "service",
    "serviceaccount",
    "services",
    "until",
    "without",
];

/// Words that are no port's name unless quoted.
pub const PORT_WORDS: &[&str] = &["because", "except", "icmp", "id", "owner", "sctp", "tcp", "tls", "udp", "until"];

/// Whether an unquoted word is no workload and no peer list.
#[must_use]
pub fn is_peer_word(word: &str) -> bool {
    PEER_WORDS.binary_search(&word).is_ok()
}

/// Whether an unquoted word is no port's name.
#[must_use]
pub fn is_port_word(word: &str) -> bool {
    PORT_WORDS.binary_search(&word).is_ok()
}
