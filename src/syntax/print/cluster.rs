//! The lines of a `cluster` block as text.

use super::flow::{peer, port_numbers, requirements};
use super::word::{list, word, words};
use crate::syntax::tree::{RangeKind, Setting, Word};

/// One line.
pub(super) fn setting(setting: &Setting) -> String {
    match setting {
        Setting::Account(name) => format!("account {}", word(name)),
        Setting::Kubernetes(version) => format!("kubernetes {}", word(version)),
        Setting::Enforce(enforcers) => format!("enforce {}", list(enforcers, enforcer)),
        Setting::Provider(name) => format!("provider {}", word(name)),
        Setting::Ingress { gateway, name, namespace, select } => {
            let mut said = format!("ingress {}{}", if gateway.is_some() { "gateway " } else { "" }, word(name));
            if let Some(namespace) = namespace {
                said.push_str(&format!(" in {}", word(namespace)));
            }
            if !select.is_empty() {
                said.push_str(&format!(" select {}", requirements(select)));
            }
            said
        }
        Setting::Ranges(kind, ranges) => format!("{} {}", range_word(*kind), words(ranges)),
        Setting::PodsUnknown => "pods unknown".to_owned(),
        Setting::Dns(whose, None) => format!("dns {}", peer(whose)),
        Setting::Dns(whose, Some(numbers)) => format!("dns {} {}", peer(whose), port_numbers(numbers)),
        Setting::DnsNodeLocal(address) => format!("dns node-local {}", word(address)),
        Setting::ApiServer { endpoints, from } => {
            let from = from.as_ref().map_or_else(String::new, |from| format!(" from {}", peer(from)));
            format!("apiserver {}{from}", list(endpoints, endpoint))
        }
        Setting::WorkloadLabel(key) => format!("workload-label {}", word(key)),
        Setting::ExternalTrafficLocal => "external traffic local".to_owned(),
        Setting::Certificates(name) => format!("certificates {}", word(name)),
        Setting::DefaultAuthority(name) => format!("default authority {}", word(name)),
        Setting::Identity { kind, prefix } => {
            let prefix = prefix.as_ref().map_or_else(String::new, |prefix| format!(" prefix {}", word(prefix)));
            format!("identity {}{prefix}", word(kind))
        }
    }
}

fn enforcer((name, version): &(Word, Option<Word>)) -> String {
    match version {
        Some(version) => format!("{} {}", word(name), word(version)),
        None => word(name),
    }
}

fn range_word(kind: RangeKind) -> &'static str {
    match kind {
        RangeKind::Pods => "pods",
        RangeKind::Services => "services",
        RangeKind::Nodes => "nodes",
    }
}

/// `172.20.0.1:2040`, `[2001:db8::1]:443`.
fn endpoint((address, port): &(Word, Word)) -> String {
    if address.text.contains(':') { format!("[{}]:{}", word(address), word(port)) } else { format!("{}:{}", word(address), word(port)) }
}
