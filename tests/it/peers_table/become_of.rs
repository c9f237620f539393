//! What a sentence of `payments` adds to the manifests, as flow YAML.

use serde_json::Value;

use crate::docs::{Place, compile, world};
use polc::Compilation;

/// The peers (`from` or `to`) of the NetworkPolicy rules that an allow adds to `db`'s side; on Calico those of the rules
/// that stand in a policy of Calico's instead.
pub(super) fn allow(sentence: &str, key: &str, calico: bool) -> Vec<String> {
    let change = changed("", sentence, calico, |document| {
        let own = document["apiVersion"] == "networking.k8s.io/v1";
        match (own, calico) {
            (true, false) => peers(document, key),
            (false, true) => entities(document, if key == "from" { "source" } else { "destination" }),
            _ => Vec::new(),
        }
    });
    change.map_or_else(|code| vec![code], |change| change.added)
}

/// Where a deny stands on Calico: the entity (`source` or `destination`) that is the peer, or the policy's `subject` where
/// the deny is held at the peer itself.
pub(super) fn deny(sentence: &str, entity: &str) -> Vec<String> {
    let change = changed("", sentence, true, |document| entities(document, entity));
    change.map_or_else(|code| vec![code], |change| change.added)
}

/// What a deny takes out of an allow of everybody on `db`'s side, and what it puts there instead.
pub(super) fn deny_subtracted(sentence: &str, key: &str) -> Vec<String> {
    let wide = "any/pods, internet, 169.254.0.0/16, 192.168.0.0/16, 2001:db8::/32";
    let open = if key == "from" { format!("allow {wide} -> db") } else { format!("allow db -> {wide}") };
    match changed(&open, sentence, false, |document| peers(document, key)) {
        Err(code) => vec![code],
        Ok(change) => {
            let removed = change.removed.iter().map(|it| format!("- {it}"));
            removed.chain(change.added.iter().map(|it| format!("+ {it}"))).collect()
        }
    }
}

/// What a sentence changes in the output.
struct Change {
    removed: Vec<String>,
    added: Vec<String>,
}

/// The change, as far as `read` sees it; the code of the error if there is one.
fn changed(before: &str, sentence: &str, calico: bool, read: impl Fn(&Value) -> Vec<String>) -> Result<Change, String> {
    let base = compile(&world(Place::Namespace, calico, before));
    assert!(!base.has_errors(), "the estate itself does not build: {:?}", base.diagnostics);
    let with = compile(&world(Place::Namespace, calico, &format!("{before}\n{sentence}")));
    if let Some(error) = with.diagnostics.iter().find(|it| it.is_error()) {
        return Err(error.code.as_str().to_owned());
    }
    let mut removed: Vec<String> = documents(&base).iter().flat_map(&read).collect();
    let mut added: Vec<String> = documents(&with).iter().flat_map(&read).collect();
    added.retain(|it| removed.iter().position(|other| other == it).map(|at| removed.remove(at)).is_none());
    removed.dedup();
    added.dedup();
    Ok(Change { removed, added })
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

/// Entities of the rules of a Calico policy: `db` is not a peer, and one that is not written matches everything.
fn entities(document: &Value, key: &str) -> Vec<String> {
    let spec = &document["spec"];
    if document["apiVersion"] != "projectcalico.org/v3" || spec["order"] == 1000.5 {
        return Vec::new();
    }
    let at_db = spec["selector"].as_str().is_some_and(|it| it.contains("app == 'postgres'"));
    let rules = ["ingress", "egress"].map(|side| spec[side].as_array().cloned().unwrap_or_default()).concat();
    let entity = |rule: &Value| match (at_db, rule[key].is_null()) {
        (false, _) => format!("selector: {}", flow(&spec["selector"])),
        (true, true) => format!("no {key}"),
        (true, false) => format!("{key}: {}", flow(&rule[key])),
    };
    rules.iter().map(entity).collect()
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
