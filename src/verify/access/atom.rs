//! Users and groups, and the groups that somebody is in by being who they are.

use smol_str::{SmolStr, format_smolstr};

/// A member of this group may do everything, whatever RBAC says, and cannot be kept from it (R9).
pub(crate) const MASTERS: &str = "system:masters";
const AUTHENTICATED: &str = "system:authenticated";
const UNAUTHENTICATED: &str = "system:unauthenticated";
const ANONYMOUS: &str = "system:anonymous";
const ACCOUNTS: &str = "system:serviceaccounts";
const ACCOUNT_USER: &str = "system:serviceaccount:";

/// Whom a binding names.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Atom {
    /// A user; a service account is one.
    User(SmolStr),
    /// A group.
    Group(SmolStr),
}

impl Atom {
    /// A service account, as the API server knows it.
    pub(crate) fn account(namespace: &str, name: &str) -> Self {
        Atom::User(format_smolstr!("{ACCOUNT_USER}{namespace}:{name}"))
    }

    /// Namespace and name of a service account.
    pub(crate) fn as_account(&self) -> Option<(&str, &str)> {
        let Atom::User(name) = self else { return None };
        let (namespace, name) = name.strip_prefix(ACCOUNT_USER)?.split_once(':')?;
        (!namespace.is_empty() && !name.is_empty() && !name.contains(':')).then_some((namespace, name))
    }

    /// Itself, and the groups that everybody who is it is in.
    pub(crate) fn with_groups(&self) -> Vec<Atom> {
        let group = |name: &'static str| Atom::Group(SmolStr::new_static(name));
        let mut all = vec![self.clone()];
        match self {
            Atom::User(name) if name == ANONYMOUS => all.push(group(UNAUTHENTICATED)),
            Atom::User(_) => {
                if let Some((namespace, _)) = self.as_account() {
                    all.push(group(ACCOUNTS));
                    all.push(Atom::Group(format_smolstr!("{ACCOUNTS}:{namespace}")));
                }
                all.push(group(AUTHENTICATED));
            }
            Atom::Group(name) if name == UNAUTHENTICATED || name == AUTHENTICATED => {}
            Atom::Group(name) => {
                if name.strip_prefix(ACCOUNTS).is_some_and(|rest| rest.starts_with(':')) {
                    all.push(group(ACCOUNTS));
                }
                all.push(group(AUTHENTICATED));
            }
        }
        all
    }

    /// As a policy writes it: `group ops`, `user alice`, `serviceaccount payments/ci`.
    pub(crate) fn told(&self) -> String {
        match (self, self.as_account()) {
            (_, Some((namespace, name))) => format!("serviceaccount {namespace}/{name}"),
            (Atom::User(name), None) => format!("user {}", written(name)),
            (Atom::Group(name), None) => format!("group {}", written(name)),
        }
    }

    /// Whether it may do everything.
    pub(crate) fn is_master(&self) -> bool {
        matches!(self, Atom::Group(name) if name == MASTERS)
    }
}

/// A name as a policy writes it, in quotes where it is no plain word.
fn written(name: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_');
    let ends = [name.chars().next(), name.chars().next_back()].iter().all(|c| c.is_some_and(|c| c.is_ascii_alphanumeric()));
    let is_word = ends && name.chars().all(plain) && name.chars().any(|c| c.is_ascii_alphabetic());
    if is_word { name.to_owned() } else { format!("{name:?}") }
}
