//! Roles and bindings of real projects, read where they are.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value;

use crate::real_cases::{children, shared};

/// A file that holds roles or bindings.
pub(crate) struct File {
    pub(crate) project: String,
    pub(crate) text: String,
    /// Its roles and bindings.
    pub(crate) objects: Vec<Value>,
}

/// Every file below the real sets that is YAML and has roles or bindings.
pub(crate) fn files() -> Option<Vec<File>> {
    let folder = shared()?.join("rbac");
    let mut found = Vec::new();
    for project in children(&folder).into_iter().filter(|it| it.is_dir()) {
        let name = project.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        walk(&project, &name, &mut found);
    }
    Some(found)
}

fn walk(folder: &Path, project: &str, found: &mut Vec<File>) {
    for path in children(folder) {
        if path.is_dir() {
            walk(&path, project, found);
            continue;
        }
        let Ok(text) = std::fs::read_to_string(&path) else { continue };
        // Templates of charts are no YAML.
        let Ok(documents) = serde_saphyr::from_multiple::<Value>(&text) else { continue };
        let objects: Vec<Value> = documents.into_iter().flat_map(unlisted).filter(is_access).collect();
        if !objects.is_empty() {
            found.push(File { project: project.to_owned(), text, objects });
        }
    }
}

/// The items of a list, or the object itself.
fn unlisted(document: Value) -> Vec<Value> {
    match document["items"].as_array() {
        Some(items) if document["kind"].as_str().is_some_and(|kind| kind.ends_with("List")) => items.clone(),
        _ => vec![document],
    }
}

fn is_access(object: &Value) -> bool {
    let kind = object["kind"].as_str().unwrap_or_default();
    let version = object["apiVersion"].as_str().unwrap_or_default();
    version == "rbac.authorization.k8s.io/v1" && ["Role", "ClusterRole", "RoleBinding", "ClusterRoleBinding"].contains(&kind)
}

/// The objects of each project, of those of one name the first.
pub(crate) fn projects(files: &[File]) -> BTreeMap<String, Vec<Value>> {
    let mut projects: BTreeMap<String, BTreeMap<[String; 3], Value>> = BTreeMap::new();
    for file in files {
        let project = projects.entry(file.project.clone()).or_default();
        for object in &file.objects {
            let text = |value: &Value, or: &str| value.as_str().unwrap_or(or).to_owned();
            let metadata = &object["metadata"];
            let key = [text(&object["kind"], ""), text(&metadata["namespace"], "default"), text(&metadata["name"], "")];
            project.entry(key).or_insert_with(|| object.clone());
        }
    }
    projects.into_iter().map(|(name, objects)| (name, objects.into_values().collect())).collect()
}

/// Objects as a stream of documents.
pub(crate) fn stream(objects: &[Value]) -> String {
    objects.iter().map(|object| format!("---\n{object}\n")).collect()
}
