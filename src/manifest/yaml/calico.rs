//! The specs of projectcalico.org/v3 objects.

use super::super::calico::{Action, Entity, GlobalNetworkSet, Policy, Rule, Tier};
use super::{Block, scalar, sides};

pub(super) fn tier(block: &mut Block<'_>, tier: &Tier) {
    block.map("spec", |block| {
        block.number("order", tier.order);
        block.word("defaultAction", action(tier.default_action));
    });
}

pub(super) fn network_set(block: &mut Block<'_>, set: &GlobalNetworkSet) {
    block.map("spec", |block| {
        if set.networks.is_empty() {
            block.word("nets", "[]");
        } else {
            block.networks("nets", &set.networks);
        }
    });
}

pub(super) fn policy(block: &mut Block<'_>, policy: &Policy) {
    block.map("spec", |block| {
        block.text("tier", &policy.tier);
        order(block, policy.order_tenths);
        block.text("selector", &policy.selector);
        sides(block, "types", policy.ingress.is_some(), policy.egress.is_some());
        rules(block, "ingress", policy.ingress.as_deref());
        rules(block, "egress", policy.egress.as_deref());
    });
}

/// An order as a plain number: `1000.5`, `500`.
fn order(block: &mut Block<'_>, tenths: u32) {
    block.key("order", ": ");
    scalar::write_number(block.out, tenths / 10);
    if !tenths.is_multiple_of(10) {
        block.out.push('.');
        scalar::write_number(block.out, tenths % 10);
    }
    block.out.push('\n');
}

fn rules(block: &mut Block<'_>, key: &'static str, rules: Option<&[Rule]>) {
    let Some(rules) = rules.filter(|rules| !rules.is_empty()) else { return };
    block.list(key, rules, rule);
}

fn rule(block: &mut Block<'_>, rule: &Rule) {
    block.word("action", action(rule.action));
    if let Some(protocol) = rule.protocol {
        block.word("protocol", protocol);
    }
    if let Some(version) = rule.ip_version {
        block.number("ipVersion", version.into());
    }
    entity(block, "source", &rule.source);
    entity(block, "destination", &rule.destination);
}

fn entity(block: &mut Block<'_>, key: &'static str, entity: &Entity) {
    // An end that matches everything is not written.
    if *entity == Entity::default() {
        return;
    }
    block.map(key, |block| {
        if let Some(selector) = &entity.namespace_selector {
            block.text("namespaceSelector", selector);
        }
        if let Some(selector) = &entity.selector {
            block.text("selector", selector);
        }
        if let Some(names) = &entity.service_accounts {
            block.map("serviceAccounts", |block| block.text_list("names", names.iter()));
        }
        if let Some(networks) = &entity.nets {
            block.networks("nets", networks.iter());
        }
        if let Some(networks) = &entity.not_nets {
            block.networks("notNets", networks.iter());
        }
        if let Some(ports) = &entity.ports {
            block.list("ports", ports.iter(), |block, range| block.item(|out| port(out, *range)));
        }
    });
}

/// A port as a number, a range in quotes: some readers take `22:30` for a number of base 60.
fn port(out: &mut String, (first, last): (u16, u16)) {
    if first == last {
        return scalar::write_number(out, first.into());
    }
    out.push('"');
    scalar::write_number(out, first.into());
    out.push(':');
    scalar::write_number(out, last.into());
    out.push('"');
}

fn action(action: Action) -> &'static str {
    match action {
        Action::Allow => "Allow",
        Action::Deny => "Deny",
        Action::Pass => "Pass",
    }
}
