//! What manifests that nobody of us wrote say: which pods there are, and what decides about their
//! connections. Rules by their numbers in docs/src/reference/network-targets.md.

mod calico;
mod cluster_policy;
pub(super) mod doubt;
pub(super) mod head;
mod label_selector;
mod network_policy;
mod rbac;
mod reader;
mod tiers;
mod valid;
pub(super) mod words;

#[cfg(test)]
mod tests;

use smallvec::SmallVec;
use smol_str::SmolStr;

use crate::diagnostic::Diagnostic;
use crate::manifest::tree;
use crate::semantics::ends::EndBox;
use crate::semantics::pods::PodBox;
use crate::source::{FileId, Sources, Span};
use crate::verify::access::Access;
use crate::verify::inventory::Inventory;
use crate::verify::stack::Sides;

/// What all manifests together say.
#[derive(Debug, Clone, Default)]
pub(crate) struct World {
    /// Who is there.
    pub(crate) inventory: Inventory,
    /// What decides, as far as it is understood.
    pub(crate) sides: Sides,
    /// The same with the rules that are in doubt, where there are any.
    in_doubt: Option<Sides>,
    /// The objects that say something, in the order of files; an origin in `sides` is an index.
    pub(crate) objects: Vec<ObjectRef>,
    /// What was read and not understood.
    pub(crate) not_understood: Vec<NotUnderstood>,
    /// Who may do what.
    pub(crate) access: Access,
    /// What may grant access and was not understood. It decides nothing about connections.
    pub(crate) unclear_access: Vec<NotUnderstood>,
}

/// An object, as answers cite it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ObjectRef {
    /// Where it begins.
    pub(crate) place: Span,
    pub(crate) api_version: SmolStr,
    pub(crate) kind: SmolStr,
    /// None for a cluster-wide object.
    pub(crate) namespace: Option<SmolStr>,
    pub(crate) name: SmolStr,
}

/// Something that may decide and that the model does not cover. An answer that hangs on it is unknown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NotUnderstood {
    /// Index into [`World::objects`].
    pub(crate) object: u32,
    /// The field's place, or its object's.
    pub(crate) place: Span,
    /// The field, as `spec.ingress[0].source.http`; empty: the whole object.
    pub(crate) field: SmolStr,
    /// Why.
    pub(crate) why: SmolStr,
    /// What it could decide.
    pub(crate) reach: Reach,
    /// The rule that is in doubt, by its place in its list, where it is one: then it decides no more than what that rule
    /// says.
    pub(crate) rule: Option<u32>,
}

/// What something could decide about.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Reach {
    /// Whether connections that the subjects receive.
    pub(crate) ingress: bool,
    /// Whether connections that the subjects open.
    pub(crate) egress: bool,
    /// Whose: any of the boxes. None: nobody's; it is listed all the same.
    pub(crate) subjects: SmallVec<[EndBox; 1]>,
    /// Whether it can only close.
    pub(crate) closes: bool,
}

impl Reach {
    /// It decides nothing.
    pub(crate) fn nothing() -> Self {
        Reach::default()
    }

    /// It may decide everything about the pods of a namespace.
    pub(crate) fn namespace(name: &str) -> Self {
        let pods = PodBox { namespace: PodBox::namespace_called(name), ..PodBox::default() };
        Reach { subjects: SmallVec::from_iter([EndBox::pods(pods)]), ..Reach::everything() }
    }

    /// It may decide everything about everybody.
    pub(crate) fn everything() -> Self {
        Reach { ingress: true, egress: true, subjects: SmallVec::from_iter([EndBox::pods(Default::default())]), closes: false }
    }
}

/// Reads every manifest of the file set. What could be read is there beside the errors.
pub(crate) fn world(sources: &Sources) -> (World, Vec<Diagnostic>) {
    world_under(sources, None)
}

/// The same, where the objects of the first files, up to one, take the place of those of their names in the others,
/// as they do once they are applied.
pub(crate) fn world_under(sources: &Sources, ours: Option<FileId>) -> (World, Vec<Diagnostic>) {
    let mut diagnostics = Vec::new();
    let mut files = Vec::new();
    for (id, file) in sources.manifests() {
        match tree::documents(id, &file.text) {
            Ok(documents) => files.push((file.text.as_str(), documents)),
            Err(error) => diagnostics.push(*error),
        }
    }
    let mut reader = reader::Reader::default();
    reader.ours = ours;
    let heads = head::heads(&files, &mut reader);
    reader.read(&heads);
    let (world, found) = reader.finish();
    diagnostics.extend(found);
    (world, diagnostics)
}
