//! What a power is called, and the items of benchmarks that warn of it.

use std::fmt;

use super::Power;

/// An item of a benchmark. Numbers move between versions, so version and title are part of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Item {
    /// The benchmark, and its version.
    pub benchmark: &'static str,
    /// Its number there.
    pub id: &'static str,
    /// What it is about, in short.
    pub title: &'static str,
}

impl fmt::Display for Item {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} ({})", self.benchmark, self.id, self.title)
    }
}

const fn cis(id: &'static str, title: &'static str) -> Option<Item> {
    Some(Item { benchmark: "CIS Kubernetes 1.12", id, title })
}

const fn nsa(id: &'static str, title: &'static str) -> Option<Item> {
    Some(Item { benchmark: "NSA/CISA hardening guide, by Kubescape", id, title })
}

impl Power {
    /// All of them, in order.
    #[cfg(test)]
    pub const ALL: [Power; 16] = [
        Power::Everything,
        Power::Escalate,
        Power::Bind,
        Power::Impersonate,
        Power::IssueTokens,
        Power::ReadSecrets,
        Power::RunCommands,
        Power::ReachPods,
        Power::NodeProxy,
        Power::ChangeIsolation,
        Power::LabelNamespaces,
        Power::SignCertificates,
        Power::InterceptRequests,
        Power::MountNodes,
        Power::Redirect,
        Power::RunWorkloads,
    ];

    /// What its holders can do: behind "whoever holds it can".
    #[must_use]
    pub fn says(self) -> &'static str {
        match self {
            Power::Everything => "do whatever there is, and what later versions add",
            Power::Escalate => "write roles that permit more than they hold themselves",
            Power::Bind => "hand out roles that they do not hold",
            Power::Impersonate => "act as somebody else",
            Power::IssueTokens => "get tokens of service accounts, and act as them",
            Power::ReadSecrets => "read every secret there, tokens and keys among them",
            Power::RunCommands => "run commands in pods, with all that those pods may do",
            Power::ReachPods => "reach pods through the API server, past what isolates them",
            Power::NodeProxy => "run commands on nodes, past audit and admission",
            Power::ChangeIsolation => "undo what isolates pods",
            Power::LabelNamespaces => "label namespaces, and so move them past selectors and Pod Security",
            Power::SignCertificates => "get certificates that make them anybody",
            Power::InterceptRequests => "see and change objects on their way into the cluster",
            Power::MountNodes => "mount a node's own files",
            Power::Redirect => "send traffic or pods elsewhere",
            Power::RunWorkloads => "run pods under any service account of the namespace",
        }
    }

    /// The item that warns of it.
    #[must_use]
    pub fn item(self) -> Option<Item> {
        match self {
            Power::Everything => cis("5.1.3", "minimize wildcards in roles"),
            Power::Escalate | Power::Bind | Power::Impersonate => cis("5.1.8", "limit bind, impersonate and escalate"),
            Power::IssueTokens => cis("5.1.13", "minimize access to service account token creation"),
            Power::ReadSecrets => cis("5.1.2", "minimize access to secrets"),
            Power::RunCommands => nsa("C-0002", "prevent command execution in containers"),
            Power::NodeProxy => cis("5.1.10", "minimize access to the proxy of nodes"),
            Power::ChangeIsolation => cis("5.3.2", "every namespace has network policies"),
            Power::SignCertificates => cis("5.1.11", "minimize approval of certificate signing requests"),
            Power::InterceptRequests => cis("5.1.12", "minimize access to webhook configurations"),
            Power::MountNodes => cis("5.1.9", "minimize creation of persistent volumes"),
            Power::RunWorkloads => cis("5.1.4", "minimize creation of pods"),
            Power::ReachPods | Power::LabelNamespaces | Power::Redirect => None,
        }
    }
}
