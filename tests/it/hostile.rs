//! Strings that YAML readers take for something else, written by polc and read by others.

use crate::judges::{read_by_kubectl, read_by_python};
use crate::real_cases::{say, shared};
use polc::manifest::{Metadata, Object, OneOrMore, Texts, calico, network_policy, yaml};
use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};

/// How many the shared data holds: known here, so that a skip can be counted.
const SHARED: usize = 99;

/// A few of each family, so that there is something to read where the shared data is absent.
const OURS: [&str; 24] = [
    "y",
    "No",
    "~",
    "",
    "1_000",
    "1e3",
    "0x1F",
    "0b11",
    "017",
    "12:30:45",
    "22:30",
    "2001-12-14t21:59:43Z",
    "=",
    "<<",
    ".inf",
    "+1",
    "a: b",
    "a #b",
    "- a",
    "\u{85}",
    "\u{2028}x",
    "\u{feff}x",
    "a\r\nb",
    "!has(x) && y == 'n'",
];

#[test]
fn hostile_strings_are_read_back_as_they_were() {
    let strings = match shared() {
        Some(real) => of_shared(&real),
        None => {
            say(&format!("SKIP hostile strings absent: {SHARED} cases (as labels, annotations and selectors)"));
            Vec::new()
        }
    };
    let strings: Vec<String> = strings.into_iter().chain(OURS.map(str::to_owned)).collect();
    let objects: Vec<Object> = strings.iter().flat_map(|text| objects(text)).collect();
    let expected: Vec<Value> = strings.iter().flat_map(|text| values(text)).collect();
    let mut stream = String::new();
    yaml::write_stream(&mut stream, &objects);
    let file = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("hostile.yaml");
    fs::write(&file, &stream).expect("the build folder can be written");
    let by_ours: Vec<Value> = serde_saphyr::from_multiple(&stream).expect("serde-saphyr reads it");
    for (reader, found) in [("serde-saphyr", by_ours), ("sigs.k8s.io/yaml", read_by_kubectl(&file)), ("PyYAML", read_by_python(&file))] {
        assert_eq!(found.len(), expected.len(), "{reader}: documents");
        let wrong: Vec<String> =
            found.iter().zip(&expected).filter(|(found, expected)| found != expected).map(|(f, e)| format!("{e}\n  read as {f}")).collect();
        assert!(wrong.is_empty(), "{reader} reads {} of {} otherwise:\n{}", wrong.len(), expected.len(), wrong.join("\n"));
    }
    say(&format!("hostile strings: {} texts in {} objects, read alike by 3 readers", strings.len(), objects.len()));
}

fn of_shared(real: &Path) -> Vec<String> {
    let file = real.with_file_name("hostile-strings.json");
    let text = fs::read_to_string(&file).unwrap_or_else(|e| panic!("{}: {e}", file.display()));
    let strings: Vec<String> = serde_json::from_str(&text).expect("a list of strings");
    assert_eq!(strings.len(), SHARED);
    strings
}

/// The string at every place where a user's text can stand: name, label, annotation (as key and as value), and selectors
/// of both dialects.
fn objects(text: &str) -> [Object; 3] {
    let texts: Texts = [(text, text)].into_iter().collect();
    let metadata = || Metadata { name: text.into(), namespace: None, labels: texts.clone(), annotations: texts.clone() };
    let expression =
        network_policy::Expression { key: text.to_owned(), operator: network_policy::Operator::In, values: vec![text.to_owned()] };
    let entity = calico::Entity {
        selector: Some(text.to_owned()),
        namespace_selector: Some(text.to_owned()),
        service_accounts: OneOrMore::new(vec![text.to_owned()]),
        ports: OneOrMore::new(vec![(22, 30), (80, 80)]),
        ..calico::Entity::default()
    };
    let rule = calico::Rule {
        action: calico::Action::Deny,
        protocol: Some("TCP"),
        ip_version: None,
        source: calico::Entity::default(),
        destination: entity,
    };
    [
        Object::Namespace(metadata()),
        Object::NetworkPolicy(network_policy::NetworkPolicy {
            metadata: Metadata { namespace: Some(text.into()), ..metadata() },
            pod_selector: network_policy::Selector { labels: texts.clone(), expressions: vec![expression] },
            ingress: Some(Vec::new()),
            egress: None,
        }),
        Object::GlobalNetworkPolicy(calico::Policy {
            metadata: metadata(),
            tier: text.to_owned(),
            order_tenths: 10_005,
            selector: text.to_owned(),
            ingress: None,
            egress: Some(vec![rule]),
        }),
    ]
}

/// The same objects as JSON.
fn values(text: &str) -> [Value; 3] {
    let texts = json!({ text: text });
    let metadata = json!({ "name": text, "labels": texts, "annotations": texts });
    let mut in_namespace = metadata.clone();
    in_namespace["namespace"] = json!(text);
    let expression = json!({ "key": text, "operator": "In", "values": [text] });
    let destination = json!({
        "selector": text, "namespaceSelector": text, "serviceAccounts": { "names": [text] }, "ports": ["22:30", 80],
    });
    [
        json!({ "apiVersion": "v1", "kind": "Namespace", "metadata": metadata }),
        json!({
            "apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": in_namespace,
            "spec": { "podSelector": { "matchLabels": texts, "matchExpressions": [expression] }, "policyTypes": ["Ingress"] },
        }),
        json!({
            "apiVersion": "projectcalico.org/v3", "kind": "GlobalNetworkPolicy", "metadata": metadata,
            "spec": {
                "tier": text, "order": 1000.5, "selector": text, "types": ["Egress"],
                "egress": [{ "action": "Deny", "protocol": "TCP", "destination": destination }],
            },
        }),
    ]
}
