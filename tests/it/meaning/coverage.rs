//! What random policies hold, counted: what is never there is not judged.

use std::collections::BTreeMap;

use super::policy::{Flow, Peer, PeerList, Policy, Port, Sentence, Test};

/// Prints how many policies have each thing that they may have.
pub(super) fn print<'p>(policies: impl Iterator<Item = &'p Policy>) {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let mut all = 0;
    for policy in policies {
        all += 1;
        let mut own = Vec::new();
        found(policy, &mut own);
        own.sort();
        own.dedup();
        own.into_iter().for_each(|what| *counts.entry(what).or_default() += 1);
    }
    let counts: Vec<String> = counts.iter().map(|(what, count)| format!("{count} {what}")).collect();
    println!("of {all} policies: {}", counts.join(", "));
}

fn found(policy: &Policy, out: &mut Vec<String>) {
    policy.lists.iter().for_each(|list| peers(list, "list", out));
    for block in &policy.blocks {
        let of = if block.namespace.is_some() { "namespace" } else { "everywhere" };
        out.extend(block.template.then(|| "template".to_owned()));
        for sentence in &block.sentences {
            match sentence {
                Sentence::Isolate(isolation) => {
                    out.push(format!("isolate in {of}"));
                    isolation.subject.iter().for_each(|list| peers(list, "subject", out));
                }
                Sentence::Flow(flow) => self::flow(flow, of, out),
            }
        }
    }
}

fn flow(flow: &Flow, of: &str, out: &mut Vec<String>) {
    out.push(format!("{} in {of}", if flow.deny { "deny" } else { "allow" }));
    peers(&flow.sources, "peer", out);
    peers(&flow.destinations, "peer", out);
    let port = |port: &Port| match port {
        Port::Numbers(_, low, high) if low < high => "range of ports",
        Port::Numbers(..) => "port by number",
        Port::Name(_) => "port by name",
        Port::Icmp => "icmp",
    };
    out.extend(flow.ports.0.iter().map(|it| port(it).to_owned()));
    out.extend(flow.ports.0.is_empty().then(|| "no ports".to_owned()));
}

fn peers(list: &PeerList, what: &str, out: &mut Vec<String>) {
    out.extend((!list.except.is_empty()).then(|| format!("{what} with except")));
    for peer in list.list.iter().chain(&list.except) {
        let selectors = match peer {
            Peer::Pods(_, pods) | Peer::AnyPods(pods) => vec![pods],
            Peer::Namespaces(namespaces, pods) => vec![namespaces, pods],
            _ => Vec::new(),
        };
        out.extend(selectors.into_iter().flat_map(|selector| &selector.0).map(|(_, test)| operator(test).to_owned()));
        out.push(
            match peer {
                Peer::Workload(..) => "workload",
                Peer::Pods(..) => "pods of a namespace",
                Peer::AnyPods(_) => "any/pods",
                Peer::Namespaces(..) => "namespaces by label",
                Peer::Account(..) => "serviceaccount",
                Peer::List(_) => "a list as peer",
                Peer::Address(text) if text.contains(':') => "IPv6 network",
                Peer::Address(_) => "IPv4 network",
                Peer::Internet => "internet",
                Peer::Anywhere => "anywhere",
            }
            .to_owned(),
        );
    }
}

fn operator(test: &Test) -> &'static str {
    match test {
        Test::Is(_) => "operator in",
        Test::IsNot(_) => "operator not in",
        Test::Has => "operator has",
        Test::Lacks => "operator lacks",
    }
}
