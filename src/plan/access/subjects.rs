//! Subjects by the names that a cluster knows them by (access-targets R8–R10).

use smol_str::{SmolStr, format_smolstr};

use crate::ir::Identity;
use crate::ir::access::Subject;

/// What the API server itself calls reserved names; no prefix ever stands before them.
const RESERVED: &str = "system:";

/// What IBM's access management writes before a user's address.
pub(super) const IAM: &str = "IAM#";

/// A subject as bindings name it, or why there can be none of that name.
pub(super) fn named(identity: &Identity, subject: &Subject) -> Result<Subject, Impossible> {
    let (user, name) = match subject {
        Subject::ServiceAccount { .. } => return Ok(subject.clone()),
        Subject::User(name) => (true, name),
        Subject::Group(name) => (false, name),
    };
    if name.starts_with(RESERVED) {
        return Ok(subject.clone());
    }
    let written = match identity {
        Identity::Plain | Identity::Eks => name.clone(),
        Identity::Oidc { prefix } => format_smolstr!("{prefix}{name}"),
        Identity::IbmIam if user => iam_user(name)?,
        Identity::IbmIam => name.clone(),
        Identity::Gke => by_mail(name)?,
    };
    Ok(if user { Subject::User(written) } else { Subject::Group(written) })
}

/// Why a cluster can know nobody by a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Impossible {
    /// Names are addresses there.
    NotAnAddress,
    /// The cloud's access management knows only its own users and groups.
    NotInTheCloud,
}

/// A user of IBM's, with or without the prefix.
pub(super) fn iam_user(name: &str) -> Result<SmolStr, Impossible> {
    let address = by_mail(name.strip_prefix(IAM).unwrap_or(name))?;
    Ok(format_smolstr!("{IAM}{address}"))
}

fn by_mail(name: &str) -> Result<SmolStr, Impossible> {
    let whole = name.split_once('@').is_some_and(|(who, place)| !who.is_empty() && place.contains('.') && !place.contains('@'));
    if whole { Ok(SmolStr::new(name)) } else { Err(Impossible::NotAnAddress) }
}
