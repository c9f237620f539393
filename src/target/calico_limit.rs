//! What Calico's objects can hold (network-targets.md §2.2, §2.4, §2.5). Nothing is cut to
//! fit: what does not fit is an error.

use super::Emitted;
use super::calico_selector::{LONGEST, LONGEST_ACCOUNT};
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::{Policy, SentenceId};
use crate::manifest::Object;
use crate::manifest::calico::Rule;
use crate::plan::{Peer, Plan};
use crate::semantics::labels::Test;
use crate::semantics::pods::PodBox;

/// The most rules that a side of a policy may have (Calico 3.33).
const MOST_RULES: usize = 1024;

/// What the labels begin with that Calico sets (network-targets.md §2.4).
const OWN_PREFIXES: [&str; 3] = ["pcns.", "pcsa.", "projectcalico.org/"];

/// Everything in a plan and its Calico objects that Calico would not take, or not as meant.
pub(crate) fn check(policy: &Policy, plan: &Plan<'_>, emitted: &[Emitted]) -> Vec<Diagnostic> {
    let mut found = indistinct(policy, plan);
    for object in emitted {
        if let Object::GlobalNetworkPolicy(spec) | Object::CalicoNetworkPolicy(spec) = &object.object {
            let sentences = object.origins.first().map_or(&[][..], |(_, sentences)| sentences.as_slice());
            let sides: Vec<&Vec<Rule>> = spec.ingress.iter().chain(&spec.egress).collect();
            if sides.iter().any(|rules| rules.len() > MOST_RULES) {
                found.extend(rules(policy, sentences));
            }
            if spec.selector.len() > LONGEST || sides.iter().flat_map(|rules| rules.iter()).any(has_long_selector) {
                found.extend(selector(policy, sentences));
            }
        }
    }
    found
}

fn has_long_selector(rule: &Rule) -> bool {
    let long = |selector: &Option<String>| selector.as_ref().is_some_and(|selector| selector.len() > LONGEST);
    [&rule.source, &rule.destination].iter().any(|end| long(&end.selector) || long(&end.namespace_selector))
}

fn rules(policy: &Policy, sentences: &[SentenceId]) -> Option<Diagnostic> {
    Some(
        at(policy, sentences, "this becomes more rules than a Calico policy can hold")?
            .note(format!("Calico takes {MOST_RULES} rules for each direction of a policy."))
            .help("name fewer peers in one sentence, or declare the addresses once: `peers NAME = …`"),
    )
}

fn selector(policy: &Policy, sentences: &[SentenceId]) -> Option<Diagnostic> {
    Some(
        at(policy, sentences, "these pods need a selector longer than Calico takes")?
            .note(format!("Calico takes selectors of {LONGEST} characters."))
            .help("give the pods a label of their own and select them by it"),
    )
}

/// Pods that Calico would not tell apart as meant: by a service account that it gives no label, or
/// by a label that it sets itself.
fn indistinct(policy: &Policy, plan: &Plan<'_>) -> Vec<Diagnostic> {
    let subjects = plan.isolated.iter().map(|isolated| (&isolated.subject.pods, isolated.sentences.as_slice()));
    let rules = plan.rules.iter().flat_map(|rule| {
        let peers = rule.peers.iter().filter_map(pods);
        [&rule.subject.pods].into_iter().chain(peers).map(|pods| (pods, rule.sentences.as_slice()))
    });
    let denies = plan.denies.iter().flat_map(|deny| {
        let peers = deny.sources.iter().chain(&deny.destinations).filter_map(pods);
        peers.map(|pods| (pods, std::slice::from_ref(&deny.sentence)))
    });
    let mut found: Vec<Diagnostic> = Vec::new();
    for (pods, sentences) in subjects.chain(rules).chain(denies) {
        found.extend(long_account(pods).and_then(|name| account(policy, sentences, &name)));
        found.extend(own_label(pods).and_then(|key| label(policy, sentences, key)));
    }
    found
}

fn account(policy: &Policy, sentences: &[SentenceId], name: &str) -> Option<Diagnostic> {
    Some(
        at(policy, sentences, &format!("Calico cannot tell pods of service account `{name}` from others"))?
            .note(format!("Calico labels pods with service accounts of up to {LONGEST_ACCOUNT} characters."))
            .help("give the service account a shorter name, or select its pods by their labels"),
    )
}

fn label(policy: &Policy, sentences: &[SentenceId], key: &str) -> Option<Diagnostic> {
    Some(
        at(policy, sentences, &format!("Calico sets label `{key}` itself, so it does not select what it says"))?
            .note("Labels that begin with `pcns.` are those of the namespace, with `pcsa.` of the service account, with `projectcalico.org/` Calico's own.")
            .help("select by the namespace, by the service account, or by a label of another name"),
    )
}

/// A label that Calico sets on the endpoint of every pod, or on every namespace, whatever the pod
/// or the namespace says (network-targets.md §2.4).
fn own_label(pods: &PodBox) -> Option<&str> {
    let is_own = |key: &&str| OWN_PREFIXES.iter().any(|prefix| key.starts_with(prefix));
    pods.pod.iter().chain(pods.namespace.iter()).map(|(key, _)| key).find(is_own)
}

fn pods(peer: &Peer) -> Option<&PodBox> {
    if let Peer::Pods(pods) = peer { Some(pods) } else { None }
}

fn long_account(pods: &PodBox) -> Option<String> {
    let names = pods.account.alternatives().into_iter().flatten().flat_map(|test| match test {
        Test::In(names) | Test::NotIn(names) => names,
        Test::Exists | Test::DoesNotExist => Vec::new(),
    });
    names.into_iter().find(|name| name.len() > LONGEST_ACCOUNT)
}

/// An error at the first of some sentences, that names the others.
fn at(policy: &Policy, sentences: &[SentenceId], headline: &str) -> Option<Diagnostic> {
    let mut spans = sentences.iter().filter_map(|id| policy.sentence(*id)).map(|sentence| sentence.span);
    let error = Diagnostic::new(Code::CalicoLimitExceeded, spans.next()?, headline);
    Some(spans.fold(error, |error, span| error.also(span, "and this")))
}
