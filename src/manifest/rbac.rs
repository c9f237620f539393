//! rbac.authorization.k8s.io/v1 Role, ClusterRole, RoleBinding and ClusterRoleBinding, and v1 ServiceAccount.

use smol_str::SmolStr;

use super::{Metadata, OneOrMore};

/// The API group of everything that names a role, a user or a group; always written (access-targets R7, R8).
pub const GROUP: &str = "rbac.authorization.k8s.io";

/// Words of a rule: some of them, or all that there are and will be.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Words(Option<OneOrMore<SmolStr>>);

impl Words {
    /// `*`: only for what the policy calls `everything`, since it takes in whatever a later version adds (access-targets R2).
    #[must_use]
    pub fn everything() -> Self {
        Words(None)
    }

    /// These words; none if there is none, or if one of them is `*`.
    #[must_use]
    pub fn named(words: impl IntoIterator<Item = SmolStr>) -> Option<Self> {
        let words = OneOrMore::new(words)?;
        (!words.iter().any(|word| word == "*")).then_some(Words(Some(words)))
    }

    /// The words, `*` for all.
    pub fn iter(&self) -> impl Iterator<Item = &SmolStr> {
        const ALL: &[SmolStr] = &[SmolStr::new_static("*")];
        self.0.iter().flat_map(OneOrMore::iter).chain(if self.0.is_none() { ALL } else { &[] })
    }
}

/// A rule about resources. It permits what all of its lists hold.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ResourceRule {
    /// `apiGroups`: the empty text is the core.
    pub groups: Words,
    /// `resources`: `pods`, `pods/exec`.
    pub resources: Words,
    /// `resourceNames`: none, every name (the key is not written).
    pub names: Option<OneOrMore<SmolStr>>,
    /// `verbs`.
    pub verbs: Words,
}

/// A rule of a ClusterRole: about resources or about paths, never about both (access-targets R4).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum ClusterRule {
    /// About resources.
    Resources(ResourceRule),
    /// `nonResourceURLs`.
    Urls {
        /// Paths, a `*` only at the end.
        urls: OneOrMore<SmolStr>,
        /// `verbs`.
        verbs: Words,
    },
}

/// A Role: one namespace's, so it has no paths.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Role {
    /// Name and namespace.
    pub metadata: Metadata,
    /// `rules`.
    pub rules: OneOrMore<ResourceRule>,
}

/// A ClusterRole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClusterRole {
    /// Its name; its labels may join it to an aggregated role.
    pub metadata: Metadata,
    /// What it permits.
    pub rules: ClusterRules,
}

/// What a ClusterRole permits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ClusterRules {
    /// Its own rules.
    Own(OneOrMore<ClusterRule>),
    /// The rules of all ClusterRoles with a label. `rules` is not written, since the cluster fills it in (access-targets R11).
    Aggregated {
        /// The label's key.
        key: SmolStr,
        /// Its value.
        value: SmolStr,
    },
}

/// A RoleBinding: `roleRef.apiGroup` and its subjects' groups and namespaces are always written (access-targets R7, R8).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleBinding {
    /// Name and namespace.
    pub metadata: Metadata,
    /// What is granted.
    pub role: RoleRef,
    /// To whom.
    pub subjects: OneOrMore<Subject>,
}

/// A ClusterRoleBinding: it can only name a ClusterRole (access-targets R6).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClusterRoleBinding {
    /// Its name.
    pub metadata: Metadata,
    /// The ClusterRole.
    pub role: SmolStr,
    /// To whom.
    pub subjects: OneOrMore<Subject>,
}

/// The role that a RoleBinding names.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum RoleRef {
    /// A Role of its namespace.
    Role(SmolStr),
    /// A ClusterRole, of which only what is in the namespace counts.
    ClusterRole(SmolStr),
}

impl RoleRef {
    /// `kind` and `name`.
    #[must_use]
    pub fn kind_and_name(&self) -> (&'static str, &SmolStr) {
        match self {
            RoleRef::Role(name) => ("Role", name),
            RoleRef::ClusterRole(name) => ("ClusterRole", name),
        }
    }
}

/// Whom a binding names.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    /// `Group`.
    Group(SmolStr),
    /// `User`.
    User(SmolStr),
    /// `ServiceAccount`.
    ServiceAccount {
        /// Its namespace.
        namespace: SmolStr,
        /// Its name.
        name: SmolStr,
    },
}

/// A ServiceAccount.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceAccount {
    /// Name and namespace.
    pub metadata: Metadata,
    /// `automountServiceAccountToken`: always written, since without it every pod gets a token.
    pub automount: bool,
}

#[cfg(test)]
mod tests {
    use super::Words;

    #[test]
    fn a_star_is_never_a_word_among_others() {
        assert_eq!(Words::named(["get".into(), "*".into()]), None);
        assert_eq!(Words::named([]), None);
        assert!(Words::everything().iter().eq(["*"]));
        assert!(Words::named(["get".into()]).is_some_and(|words| words.iter().eq(["get"])));
    }
}
