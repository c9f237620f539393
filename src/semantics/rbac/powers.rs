//! What rules amount to beyond what they say: ways from a permission to all of a cluster, to another's rights, or
//! around what isolates (access-targets R12–R16).

mod benchmark;
#[cfg(test)]
mod tests;
mod ways;

use smol_str::SmolStr;

use super::{Request, Rule, Target};

#[allow(unused_imports, reason = "for reports of benchmarks")]
pub use benchmark::Item;

/// A thing that a rule lets its holders do, and that its words do not show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Power {
    /// `*` as a verb or a resource: whatever there is and will be.
    Everything,
    /// `escalate`: to write roles that permit more than the writer holds.
    Escalate,
    /// `bind`: to hand out roles that the giver does not hold.
    Bind,
    /// `impersonate`, and from 1.36 its constrained forms.
    Impersonate,
    /// To get tokens of service accounts.
    IssueTokens,
    /// To read every secret: `get`, `list` and `watch` alike.
    ReadSecrets,
    /// To run commands in pods that are there.
    RunCommands,
    /// To reach pods through the API server, past whatever isolates them.
    ReachPods,
    /// To run commands on nodes through the kubelet, past audit and admission.
    NodeProxy,
    /// To change what isolates.
    ChangeIsolation,
    /// To change labels of namespaces, which selectors and Pod Security read.
    LabelNamespaces,
    /// To approve or sign certificates, and so to become anybody.
    SignCertificates,
    /// To see and change every object on its way into the cluster.
    InterceptRequests,
    /// To make volumes of a node's own files.
    MountNodes,
    /// To send traffic or pods elsewhere by what is written as their status or address.
    Redirect,
    /// To run pods under any service account of the namespace. It counts where one of those holds more than oneself.
    RunWorkloads,
}

/// Where rules hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// In one namespace: what is of no namespace does nothing there, but for the namespace itself (access-targets R5).
    Namespace,
    /// In the whole cluster.
    Cluster,
}

/// What rules amount to in a Kubernetes 1.`minor`: each power with the place of a rule that gives it, in the order of
/// powers and rules.
#[must_use]
pub fn powers(rules: &[Rule], minor: u16, scope: Scope) -> Vec<(Power, usize)> {
    let mut found: Vec<(Power, usize)> =
        rules.iter().enumerate().flat_map(|(at, rule)| of_rule(rule, minor, scope).into_iter().map(move |power| (power, at))).collect();
    found.sort_unstable();
    found
}

fn of_rule(rule: &Rule, minor: u16, scope: Scope) -> Vec<Power> {
    if unbounded(rule, scope) {
        return vec![Power::Everything];
    }
    let mut found: Vec<Power> = ways::all().filter(|way| way.is_open(minor, scope) && gives(rule, way)).map(|way| way.power).collect();
    found.extend(impersonates_in_part(rule, minor).then_some(Power::Impersonate));
    found.sort_unstable();
    found.dedup();
    found
}

/// `*` holds whatever is added later, so nothing smaller can be said of it.
fn unbounded(rule: &Rule, scope: Scope) -> bool {
    let star = |list: &[SmolStr]| list.iter().any(|word| word == "*");
    let about_resources = !rule.groups.is_empty() && (star(&rule.verbs) || star(&rule.resources) || star(&rule.groups));
    about_resources || (scope == Scope::Cluster && star(&rule.urls) && star(&rule.verbs))
}

fn gives(rule: &Rule, way: &ways::Way) -> bool {
    let (resource, subresource) = way.resource.split_once('/').unwrap_or((way.resource, ""));
    let name = match rule.names.first() {
        Some(_) if !way.named_too => return false,
        name => name.cloned().unwrap_or_default(),
    };
    let request = |verb: &str| Request {
        verb: SmolStr::new(verb),
        target: Target::Resource {
            group: SmolStr::new_static(way.group),
            resource: SmolStr::new_static(resource),
            subresource: SmolStr::new_static(subresource),
            namespace: SmolStr::default(),
            // What is being made has no name yet, so names keep everybody from it (access-targets R3).
            name: if verb == "create" && subresource.is_empty() { SmolStr::default() } else { name.clone() },
        },
    };
    // Keys of extra values are subresources of any name.
    let any_key = way.resource == "userextras/*" && rule.resources.iter().any(|own| own.starts_with("userextras/"));
    let permits = |verb: &&str| match any_key {
        true => rule.verbs.iter().any(|own| own == verb) && rule.groups.iter().any(|own| own == way.group),
        false => rule.permits(&request(verb)),
    };
    way.verbs.iter().any(permits)
}

/// `impersonate:user-info`, `impersonate-on:user-info:list` … on whatever they stand (access-targets R16).
fn impersonates_in_part(rule: &Rule, minor: u16) -> bool {
    let in_part = |verb: &SmolStr| verb.starts_with("impersonate:") || verb.starts_with("impersonate-on:");
    minor >= 36 && rule.verbs.iter().any(in_part)
}
