//! Sets of policies, each over the pods and namespaces of a cluster.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use polc::query::Model;
use polc::{Files, Options, SourceFile};
use serde_json::{Value, json};

use super::{LeftOut, files, objects};

/// The sets of one scheme.
pub(super) struct Configs {
    base: PathBuf,
    scheme: Value,
    read: RefCell<BTreeMap<PathBuf, Vec<Value>>>,
}

/// One set, or a part of it.
#[derive(Clone)]
pub(super) struct Config {
    /// Pods, namespaces and what else is there.
    pub(super) topology: Vec<Value>,
    pub(super) policies: Vec<Value>,
}

impl Configs {
    pub(super) fn new(path: &Path, scheme: &Value) -> Self {
        Configs { base: path.parent().expect("a scheme lies in a folder").to_owned(), scheme: scheme.clone(), read: RefCell::default() }
    }

    /// `config`, `config/policy`, `config/namespace/policy` or `config/kind/namespace/policy`.
    pub(super) fn get(&self, name: &str) -> Result<Config, LeftOut> {
        let (name, policy) = name.split_once('/').map_or((name, None), |(name, policy)| (name, Some(policy)));
        let all = self.scheme["networkConfigList"].as_array().into_iter().flatten();
        let entry = all.into_iter().find(|entry| entry["name"] == name).unwrap_or_else(|| panic!("no set `{name}`"));
        let own = |key: &str| if entry[key].is_null() { &self.scheme[key] } else { &entry[key] };
        let has_own = !["podList", "namespaceList"].iter().all(|key| entry[*key].is_null());
        let mut listed = Vec::new();
        for key in ["namespaceList", "podList", "resourceList"] {
            let of = if key == "resourceList" && has_own { &entry[key] } else { own(key) };
            listed.extend(self.read(of)?);
        }
        let mut policies = self.read(&entry["networkPolicyList"])?;
        if !entry["resourceList"].is_null() {
            policies.extend(self.read(&entry["resourceList"])?.into_iter().filter(|it| is_policy(it) || is_set(it)));
        }
        let mut topology: Vec<Value> = listed.into_iter().filter(|it| !is_policy(it)).collect();
        topology.dedup();
        if let Some(reason) = topology.iter().chain(&policies).find_map(not_covered) {
            return Err(LeftOut::Because(reason.to_owned()));
        }
        policies.retain(|it| is_policy(it) || is_set(it));
        let mut config = Config { topology, policies };
        if let Some(policy) = policy {
            config.policies.retain(|it| is_set(it) || is_called(it, policy));
        }
        Ok(config)
    }

    fn read(&self, listed: &Value) -> Result<Vec<Value>, LeftOut> {
        let named: Vec<&str> = match listed {
            Value::String(one) => vec![one.as_str()],
            Value::Array(all) => all.iter().filter_map(Value::as_str).collect(),
            _ => Vec::new(),
        };
        let mut found = Vec::new();
        for name in named {
            for file in files(&self.base, name)? {
                let mut read = self.read.borrow_mut();
                found.extend_from_slice(read.entry(file).or_insert_with_key(|file| objects(file)));
            }
        }
        Ok(found)
    }
}

impl Config {
    /// The policies, each a place in the list.
    pub(super) fn places(&self) -> Vec<usize> {
        (0..self.policies.len()).filter(|at| is_policy(&self.policies[*at])).collect()
    }

    pub(super) fn with(&self, policies: Vec<Value>) -> Config {
        Config { policies, ..self.clone() }
    }

    pub(super) fn without(&self, at: usize) -> Config {
        let mut less = self.clone();
        less.policies.remove(at);
        less
    }

    pub(super) fn only(&self, at: usize) -> Config {
        let all = self.policies.iter().enumerate().filter(|(number, it)| *number == at || is_set(it));
        self.with(all.map(|(_, it)| it.clone()).collect())
    }

    /// Each pod on its own, and of whom it is by name.
    pub(super) fn apart(&self) -> (Config, BTreeMap<String, String>) {
        let (mut apart, mut owners) = (self.clone(), BTreeMap::new());
        for pod in apart.topology.iter_mut().filter(|it| kind(it) == "Pod") {
            let name = |pod: &Value, of: &str| format!("{}/{}", text(pod, "/metadata/namespace"), text(pod, of));
            let owned = pod.pointer("/metadata/ownerReferences/0").is_some();
            let owner = name(pod, if owned { "/metadata/ownerReferences/0/name" } else { "/metadata/name" });
            owners.insert(name(pod, "/metadata/name"), owner);
            pod["metadata"]["ownerReferences"] = json!([]);
        }
        (apart, owners)
    }

    /// One policy alone, changed.
    pub(super) fn changed(&self, at: usize, change: impl Fn(&Value) -> Value) -> Config {
        let mut alone = self.only(at);
        alone.policies.iter_mut().filter(|it| is_policy(it)).for_each(|policy| *policy = change(policy));
        alone
    }

    pub(super) fn model(&self) -> Result<Model, LeftOut> {
        let all = self.topology.iter().chain(&self.policies).map(tidied).enumerate();
        let manifests = all.map(|(number, object)| SourceFile { name: format!("{number}.json"), text: object.to_string() }).collect();
        let files = Files { manifests, ..Files::default() };
        let model = Model::new(files, &Options::default()).unwrap_or_else(|wrong| panic!("{}", wrong.headline));
        let told = model.compilation().diagnostics.iter().find(|it| it.is_error()).map(super::super::told);
        match told {
            Some(told) => Err(LeftOut::Because(format!("no server takes it: {}", told.rsplit(": ").next().unwrap_or_default()))),
            None => Ok(model),
        }
    }
}

/// A list is none where a server would refuse `{}`.
fn tidied(object: &Value) -> Value {
    let mut object = object.clone();
    for container in object.pointer_mut("/spec/containers").and_then(Value::as_array_mut).into_iter().flatten() {
        if container["ports"] == json!({}) {
            container["ports"] = json!([]);
        }
    }
    object
}

pub(super) fn text<'v>(object: &'v Value, pointer: &str) -> &'v str {
    object.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
}

pub(super) fn kind(object: &Value) -> &str {
    text(object, "/kind")
}

pub(super) fn is_calico(object: &Value) -> bool {
    text(object, "/apiVersion").contains("projectcalico.org")
}

pub(super) fn is_policy(object: &Value) -> bool {
    matches!(kind(object), "NetworkPolicy" | "GlobalNetworkPolicy")
}

fn is_set(object: &Value) -> bool {
    matches!(kind(object), "NetworkSet" | "GlobalNetworkSet")
}

/// A policy's own kind, namespace and name.
pub(super) fn id(policy: &Value) -> String {
    let calico = if is_calico(policy) { "calico " } else { "" };
    format!("{calico}{} {}/{}", kind(policy), text(policy, "/metadata/namespace"), text(policy, "/metadata/name"))
}

fn is_called(policy: &Value, name: &str) -> bool {
    let parts: Vec<&str> = name.split('/').collect();
    let own = text(policy, "/metadata/namespace");
    let own = if own.is_empty() && kind(policy) != "GlobalNetworkPolicy" { "default" } else { own };
    let is_named = |it: &str| text(policy, "/metadata/name") == it;
    match parts[..] {
        [name] => is_named(name),
        [namespace, name] => own == namespace && is_named(name),
        [of, namespace, name] => own == namespace && is_named(name) && is_calico(policy) == of.starts_with("Calico"),
        _ => panic!("`{name}` is no policy"),
    }
}

/// What the model does not cover; the topology's own kinds are read or passed over.
fn not_covered(object: &Value) -> Option<&'static str> {
    let version = text(object, "/apiVersion");
    match kind(object) {
        _ if version.contains("istio.io") => Some("Istio"),
        "Ingress" => Some("Ingress: its policy is nobody's in a cluster"),
        "HostEndpoint" | "HostEndpointList" => Some("host endpoints are no ends of the model"),
        "WorkloadEndpoint" => Some("Calico's own endpoints in place of pods"),
        "Profile" => Some("profiles of one's own"),
        _ => None,
    }
}
