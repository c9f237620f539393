//! The spec of a networking.k8s.io/v1 NetworkPolicy.

use super::super::network_policy::{Expression, NetworkPolicy, Operator, Peer, Port, Rule, Selector};
use super::{Block, sides};

pub(super) fn spec(block: &mut Block<'_>, policy: &NetworkPolicy) {
    block.map("spec", |block| {
        selector(block, "podSelector", &policy.pod_selector);
        sides(block, "policyTypes", policy.ingress.is_some(), policy.egress.is_some());
        rules(block, "ingress", "from", policy.ingress.as_deref());
        rules(block, "egress", "to", policy.egress.as_deref());
    });
}

fn rules(block: &mut Block<'_>, key: &'static str, ends: &'static str, rules: Option<&[Rule]>) {
    let Some(rules) = rules.filter(|rules| !rules.is_empty()) else { return };
    block.list(key, rules, |block, rule| self::rule(block, ends, rule));
}

fn rule(block: &mut Block<'_>, ends: &'static str, rule: &Rule) {
    if rule.peers.is_none() && rule.ports.is_none() {
        // Everyone on every port.
        return block.item(|out| out.push_str("{}"));
    }
    if let Some(peers) = &rule.peers {
        block.list(ends, peers.iter(), peer);
    }
    if let Some(ports) = &rule.ports {
        block.list("ports", ports.iter(), port);
    }
}

fn peer(block: &mut Block<'_>, peer: &Peer) {
    match peer {
        Peer::Pods { namespace, pods } => {
            if let Some(namespace) = namespace {
                selector(block, "namespaceSelector", namespace);
            }
            match pods {
                Some(pods) => selector(block, "podSelector", pods),
                // A peer needs one of the two: without both it would not be valid.
                None if namespace.is_none() => block.word("podSelector", "{}"),
                None => {}
            }
        }
        Peer::Block { network, except } => block.map("ipBlock", |block| {
            let mut shown = String::new();
            super::push_network(&mut shown, network);
            block.text("cidr", &shown);
            if !except.is_empty() {
                block.networks("except", except);
            }
        }),
    }
}

fn port(block: &mut Block<'_>, port: &Port) {
    block.word("protocol", port.protocol.as_str());
    if let Some((first, last)) = port.range {
        block.number("port", first.into());
        if last != first {
            block.number("endPort", last.into());
        }
    }
}

fn selector(block: &mut Block<'_>, key: &'static str, selector: &Selector) {
    if selector.labels.is_empty() && selector.expressions.is_empty() {
        return block.word(key, "{}");
    }
    block.map(key, |block| {
        block.texts("matchLabels", &selector.labels);
        if !selector.expressions.is_empty() {
            block.list("matchExpressions", &selector.expressions, expression);
        }
    });
}

fn expression(block: &mut Block<'_>, expression: &Expression) {
    block.text("key", &expression.key);
    block.word(
        "operator",
        match expression.operator {
            Operator::In => "In",
            Operator::NotIn => "NotIn",
            Operator::Exists => "Exists",
            Operator::DoesNotExist => "DoesNotExist",
        },
    );
    if !expression.values.is_empty() {
        block.text_list("values", &expression.values);
    }
}
