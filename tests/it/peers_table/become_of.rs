//! What a sentence of `payments` adds to the manifests, as flow YAML.

use serde_json::Value;

use crate::docs::{Place, compile, world};
use polc::Compilation;

/// The peers (`from` or `to`) of the NetworkPolicy rules that an allow adds to `db`'s side; on Calico those of the rules
/// that stand in a policy of Calico's instead.
pub(super) fn allow(sentence: &str, key: &str, calico: bool) -> Vec<String> {
    added("", sentence, calico, |document| {
        let own = document["apiVersion"] == "networking.k8s.io/v1";
        match (own, calico) {
            (true, false) => peers(document, key),
            (false, true) => entities(document, if key == "from" { "source" } else { "destination" }),
            _ => Vec::new(),
        }
    })
}

/// The entities (`source` or `destination`) of the Calico rules that a deny becomes.
pub(super) fn deny(sentence: &str, entity: &str) -> Vec<String> {
    let mut found = added("", sentence, true, |document| entities(document, entity));
    // Both address families say the same entity where it is no address.
    found.dedup();
    found
}

/// What an allow of everybody still lists on `db`'s side once a deny was taken out of it, if that is something else.
pub(super) fn deny_subtracted(sentence: &str, key: &str) -> Vec<String> {
    let wide = "any/pods, internet, 169.254.0.0/16, 192.168.0.0/16, 10.0.0.0/8, 2001:db8::/32";
    let open = if key == "from" { format!("allow {wide} -> db") } else { format!("allow db -> {wide}") };
    added(&open, sentence, false, |document| peers(document, key))
}

/// What is in the output with a sentence and not without it; the code of the error if there is one.
fn added(before: &str, sentence: &str, calico: bool, read: impl Fn(&Value) -> Vec<String>) -> Vec<String> {
    let base = compile(&world(Place::Namespace, calico, before));
    assert!(!base.has_errors(), "the estate itself does not build: {:?}", base.diagnostics);
    let with = compile(&world(Place::Namespace, calico, &format!("{before}\n{sentence}")));
    if let Some(error) = with.diagnostics.iter().find(|it| it.is_error()) {
        return vec![error.code.as_str().to_owned()];
    }
    let mut old: Vec<String> = documents(&base).iter().flat_map(&read).collect();
    let new = documents(&with).iter().flat_map(&read).collect::<Vec<_>>();
    new.into_iter().filter(|it| old.iter().position(|other| other == it).map(|at| old.swap_remove(at)).is_none()).collect()
}

fn documents(compilation: &Compilation) -> Vec<Value> {
    serde_saphyr::from_multiple(&compilation.to_yaml()).expect("polc writes YAML")
}

/// Peers of the rules of a NetworkPolicy for `db`; a rule without peers is for everyone.
fn peers(document: &Value, key: &str) -> Vec<String> {
    if document["metadata"]["namespace"] != "payments" || document["spec"]["podSelector"]["matchLabels"]["app"] != "postgres" {
        return Vec::new();
    }
    let rules = document["spec"][if key == "from" { "ingress" } else { "egress" }].as_array();
    let mut found = Vec::new();
    for rule in rules.into_iter().flatten() {
        match rule[key].as_array() {
            Some(peers) => found.extend(peers.iter().map(flow)),
            None => found.push(format!("no {key}")),
        }
    }
    found
}

/// Entities of the rules of a Calico policy; one that is not written matches everything.
fn entities(document: &Value, key: &str) -> Vec<String> {
    if document["apiVersion"] != "projectcalico.org/v3" {
        return Vec::new();
    }
    let rules = ["ingress", "egress"].map(|side| document["spec"][side].as_array().cloned().unwrap_or_default()).concat();
    rules.iter().map(|rule| if rule[key].is_null() { format!("no {key}") } else { flow(&rule[key]) }).collect()
}

/// A value as one line of YAML, quoted no more than a reader needs.
fn flow(value: &Value) -> String {
    match value {
        Value::Object(members) => {
            let members: Vec<String> = members.iter().map(|(key, value)| format!("{key}: {}", flow(value))).collect();
            format!("{{{}}}", members.join(", "))
        }
        Value::Array(items) => format!("[{}]", items.iter().map(flow).collect::<Vec<_>>().join(", ")),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
