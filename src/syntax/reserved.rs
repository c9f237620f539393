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

/// How long the words of [`PEER_WORDS`] with a first byte are, a bit a length: most names are none of them by that alone.
static PEER_LENGTHS: [u32; 256] = {
    let mut lengths = [0; 256];
    let mut at = 0;
    while at < PEER_WORDS.len() {
        let word = PEER_WORDS[at].as_bytes();
        lengths[word[0] as usize] |= 1 << word.len();
        at += 1;
    }
    lengths
};

/// Words that are no port's name unless quoted.
pub const PORT_WORDS: &[&str] = &["because", "except", "icmp", "id", "owner", "sctp", "tcp", "tls", "udp", "until"];

/// Whether an unquoted word is no workload and no peer list.
#[must_use]
pub fn is_peer_word(word: &str) -> bool {
    let first = word.as_bytes().first().map_or(0, |byte| usize::from(*byte));
    let lengths = PEER_LENGTHS.get(first).copied().unwrap_or(0);
    lengths >> word.len().min(31) & 1 == 1 && PEER_WORDS.binary_search(&word).is_ok()
}

/// Whether an unquoted word is no port's name.
#[must_use]
pub fn is_port_word(word: &str) -> bool {
    PORT_WORDS.binary_search(&word).is_ok()
}
