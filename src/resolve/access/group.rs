//! Groups, and those that look like another.

use crate::diagnostic::{Code, Diagnostic};
use crate::ir::access;
use crate::syntax::tree::ResourceName;

/// Groups whose kinds are served in another one too, under the same names: the one behind it asks for the other
/// (Calico's API server keeps what it serves as custom resources of the first).
const BEHIND: [(&str, &str); 1] = [("crd.projectcalico.org", "projectcalico.org")];

/// What to say of a kind whose objects are reached by another group too.
pub(super) fn look_alike(name: &ResourceName, resource: &access::Resource) -> Option<Diagnostic> {
    let (own, other) = BEHIND.iter().find(|(own, _)| resource.group == *own)?;
    let headline = format!("`{own}` is not `{other}`, which people use");
    Some(
        Diagnostic::new(Code::LookAlikeGroup, name.span, headline)
            .note(format!(
                "the same objects are reached as `{}.{other}` where that API is served, by permissions of its own",
                resource.resource
            ))
            .help(format!("name `{}.{other}` instead if calicoctl or kubectl is meant", resource.resource)),
    )
}
