//! What polc's own objects grant. They are read from the very text that is written, as anybody's manifests are: so a
//! mistake in the writing is found too.

use super::Access;
use crate::diagnostic::Diagnostic;
use crate::manifest::Object;
use crate::source::{SourceFile, Sources};
use crate::verify::world::{self, World};

/// Kinds of objects that say who may do what.
const KINDS: [&str; 4] = ["Role", "ClusterRole", "RoleBinding", "ClusterRoleBinding"];

/// What objects grant, and how each is called; or what of them cannot be read. What is passed through counts for itself.
pub(super) fn read<'a>(objects: impl Iterator<Item = &'a Object>) -> Result<(Access, Vec<String>), String> {
    let mut text = String::new();
    for object in objects.filter(|object| !matches!(object, Object::Included(_)) && KINDS.contains(&object.kind())) {
        text.push_str("---\n");
        object.write_yaml(&mut text);
    }
    read_text(text)
}

pub(super) fn read_text(text: String) -> Result<(Access, Vec<String>), String> {
    if text.is_empty() {
        return Ok((Access::default(), Vec::new()));
    }
    let sources = Sources::default().with_manifests(vec![SourceFile { name: "objects.yaml".into(), text }]);
    let (world, found) = world::world(&sources);
    if let Some(diagnostic) = found.iter().find(|it| it.is_error()) {
        return Err(said(diagnostic));
    }
    let World { access, objects, unclear_access, .. } = world;
    match unclear_access.first() {
        Some(what) => Err(format!("`{}`: {}", what.field, what.why)),
        None => Ok((access, objects.iter().map(crate::verify::given::called).collect())),
    }
}

fn said(diagnostic: &Diagnostic) -> String {
    let label = diagnostic.primary.as_ref().map_or(String::new(), |label| format!(": {}", label.text));
    format!("{}{label}", diagnostic.headline)
}
