//! What a permission comes to beyond what it says: ways to more, from one service account to the next.

use std::collections::BTreeSet;

use super::super::model::Model;
use super::lines::lines;
use crate::semantics::rbac::powers::{Power, Scope, powers};
use crate::semantics::rbac::requests::Requests;
use crate::semantics::rbac::{Reach, Rule};
use crate::verify::access::words::place;
use crate::verify::access::{Atom, Place};

/// So many accounts are followed.
const MOST: usize = 5;

impl Model {
    /// The ways from some requests that somebody may make to more.
    pub(super) fn amounts_to(&self, who: &[Atom], held: &Requests) -> Vec<String> {
        let mut all = BTreeSet::new();
        for (binding, _) in self.access().bindings_of(who) {
            let scope = if binding.place == Place::Everywhere { Scope::Cluster } else { Scope::Namespace };
            for written in self.access().rules(&binding.role) {
                let rule = written.rule;
                if Requests::of(rule, binding.reach()).intersection(held).is_empty() {
                    continue;
                }
                let Some(rule) = asked_part(rule, held) else { continue };
                for (power, _) in powers(std::slice::from_ref(&rule), self.cluster.kubernetes.minor, scope) {
                    all.insert(format!("{} {}", told(power), place(&binding.place)));
                    if becomes_accounts(power) {
                        all.extend(self.accounts(&binding.place, who));
                    }
                }
            }
        }
        all.into_iter().collect()
    }

    /// The service accounts of a place that may do more than somebody themselves.
    fn accounts(&self, at: &Place, who: &[Atom]) -> Vec<String> {
        let own = self.access().requests(who);
        let named = self.access().atoms().into_iter().filter(|atom| match (atom.as_account(), at) {
            (Some((namespace, _)), Place::Namespace(home)) => namespace == home,
            (Some(_), _) => true,
            (None, _) => false,
        });
        let more = named.filter_map(|account| {
            let more = self.access().requests(&account.with_groups()).difference(&own);
            (!more.is_empty()).then(|| (account.told(), more))
        });
        let told = |(name, more): (String, Requests)| {
            let lines = lines(&more);
            let first: Vec<String> = lines.iter().take(MOST).map(super::Permit::to_text).collect();
            let rest = if lines.len() > MOST { ", and more" } else { "" };
            format!("may so act as {name}, which may {}{rest}", first.join("; "))
        };
        more.take(MOST).map(told).collect()
    }
}

/// A rule less the verbs and kinds that nobody asked about.
fn asked_part(rule: &Rule, held: &Requests) -> Option<Rule> {
    let is_asked = |verb: &smol_str::SmolStr, resource: &smol_str::SmolStr| {
        let one = Rule { verbs: vec![verb.clone()], resources: vec![resource.clone()], ..rule.clone() };
        !Requests::of(&one, Reach::Everywhere).intersection(held).is_empty()
    };
    if !rule.urls.is_empty() {
        return Some(rule.clone());
    }
    let verbs: Vec<_> = rule.verbs.iter().filter(|verb| rule.resources.iter().any(|resource| is_asked(verb, resource))).cloned().collect();
    let resources: Vec<_> = rule.resources.iter().filter(|resource| verbs.iter().any(|verb| is_asked(verb, resource))).cloned().collect();
    (!verbs.is_empty() && !resources.is_empty()).then(|| Rule { verbs, resources, ..rule.clone() })
}

fn becomes_accounts(power: Power) -> bool {
    matches!(
        power,
        Power::IssueTokens | Power::RunCommands | Power::RunWorkloads | Power::ReadSecrets | Power::Impersonate | Power::Everything
    )
}

fn told(power: Power) -> &'static str {
    match power {
        Power::Everything => "everything that there is and will be",
        Power::Escalate => "to write roles that permit more than oneself may",
        Power::Bind => "to hand out roles that one does not hold",
        Power::Impersonate => "to act as somebody else",
        Power::IssueTokens => "to get tokens of service accounts",
        Power::ReadSecrets => "to read every secret, tokens among them",
        Power::RunCommands => "to run commands in pods, as their service accounts",
        Power::ReachPods => "to reach pods through the API server, past what isolates them",
        Power::NodeProxy => "to run commands on nodes through the kubelet, past audit and admission",
        Power::ChangeIsolation => "to change what isolates",
        Power::LabelNamespaces => "to change labels of namespaces, which selectors and Pod Security read",
        Power::SignCertificates => "to become anybody, by certificates",
        Power::InterceptRequests => "to see and change every object on its way into the cluster",
        Power::MountNodes => "to mount files of nodes",
        Power::Redirect => "to send traffic or pods elsewhere",
        Power::RunWorkloads => "to run pods under any service account",
    }
}
