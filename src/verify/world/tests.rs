//! Worlds as short text.

mod calico;
mod cluster_policy;
mod network_policy;

use std::fmt::Write as _;

use super::{World, world};
use crate::semantics::ends::EndBox;
use crate::semantics::pods::PodBox;
use crate::semantics::ports::Protocol;
use crate::source::{SourceFile, Sources};
use crate::verify::stack::{Action, Rule, Stack};

/// A world of one file, and what there is to say about it.
pub(super) fn read(text: &str) -> (World, String) {
    let file = SourceFile { name: "a.yaml".into(), text: text.into() };
    let sources = Sources::new(Vec::new()).with_manifests(vec![file]);
    let (world, diagnostics) = world(&sources);
    let mut said = String::new();
    for diagnostic in diagnostics {
        let label = diagnostic.primary.unwrap();
        let line = sources.position(label.span).line;
        writeln!(said, "{} line {line}: {} ({})", diagnostic.code.as_str(), diagnostic.headline, label.text).unwrap();
    }
    for it in &world.not_understood {
        let object = &world.objects[it.object as usize];
        let sides = [(it.reach.ingress, "ingress"), (it.reach.egress, "egress")];
        let sides: Vec<&str> = sides.iter().filter(|(is, _)| *is).map(|(_, name)| *name).collect();
        let subjects: Vec<String> = it.reach.subjects.iter().map(shown_end).collect();
        let line = sources.position(it.place).line;
        let closes = if it.reach.closes { ", closing only" } else { "" };
        writeln!(
            said,
            "not understood: {} {} line {line} `{}`: {}; {sides:?} of {subjects:?}{closes}",
            object.kind, object.name, it.field, it.why
        )
        .unwrap();
    }
    (world, said)
}

/// What decides, and what there is to say.
pub(super) fn shown(text: &str) -> String {
    let (world, said) = read(text);
    let mut out = String::new();
    let sides = world.in_doubt.as_ref().unwrap_or(&world.sides);
    for (name, stack) in [("ingress", &sides.ingress), ("egress", &sides.egress)] {
        stack_text(&mut out, name, stack);
    }
    out + &said
}

fn stack_text(out: &mut String, side: &str, stack: &Stack) {
    for tier in &stack.tiers {
        writeln!(out, "{side} tier {} ends in {:?}", tier.name, tier.end).unwrap();
        for policy in &tier.policies {
            let subjects: Vec<String> = policy.subjects.iter().map(shown_end).collect();
            writeln!(out, "  for {}", subjects.join(" or ")).unwrap();
            policy.rules.iter().for_each(|rule| rule_text(out, rule));
        }
    }
}

fn rule_text(out: &mut String, rule: &Rule) {
    let action = match rule.action {
        Action::Allow => "allow",
        Action::Deny => "deny",
        Action::Pass => "pass",
    };
    let peers: Vec<String> = rule.peers.iter().map(shown_end).collect();
    let mut ports: Vec<String> = Vec::new();
    let missing: Vec<u8> = crate::semantics::ports::PortSet::all().difference(&rule.ports).protocols().map(|(number, _)| number).collect();
    if !missing.is_empty() && missing.len() < 5 {
        ports.push(format!("all but protocols {missing:?}"));
    } else if rule.ports.is_all() {
        ports.push("all".into());
    } else {
        for protocol in Protocol::ALL {
            ports.extend(rule.ports.of(protocol).map(|(low, high)| format!("{} {low}-{high}", protocol.as_str())));
        }
        let others = rule.ports.protocols().filter(|(number, _)| !Protocol::ALL.iter().any(|it| it.number() == *number));
        ports.extend(others.map(|(number, whole)| format!("protocol {number}{}", if whole { "" } else { " in part" })));
    }
    ports.extend(rule.named.iter().map(|it| format!("{} {}", it.protocol.map_or("any", Protocol::as_str), it.name)));
    let doubt = if rule.doubt { "in doubt: " } else { "" };
    writeln!(out, "    {doubt}{action} [{}] on [{}]", peers.join(" or "), ports.join(", ")).unwrap();
}

pub(super) fn shown_end(end: &EndBox) -> String {
    let addresses = |set: &crate::semantics::addresses::AddressSet| {
        let blocks = set.blocks().into_iter().map(|block| {
            let except: Vec<String> = block.except.iter().map(ToString::to_string).collect();
            if except.is_empty() { block.network.to_string() } else { format!("{} but {}", block.network, except.join(" ")) }
        });
        blocks.collect::<Vec<_>>().join(" ")
    };
    match end {
        EndBox::Pods { pods, addresses: set } if *set == crate::semantics::addresses::AddressSet::all() => shown_pods(pods),
        EndBox::Pods { pods, addresses: set } => format!("{} at {}", shown_pods(pods), addresses(set)),
        EndBox::Outside(set) => format!("outside {}", addresses(set)),
    }
}

fn shown_pods(pods: &PodBox) -> String {
    let account = if pods.account.is_any() { String::new() } else { format!(" account {}", pods.account.describe()) };
    let namespace = pods.namespace.describe().replace("kubernetes.io/metadata.name", "NAME");
    format!("pods({namespace} / {}{account})", pods.pod.describe())
}
