//! Roles, grants and who they are granted to.
//!
//! Nothing here depends on a cluster: a name's prefix, what `any` lists and which roles
//! a cluster brings are answered cluster by cluster by `plan`.

use std::rc::Rc;

use smol_str::SmolStr;

use super::{Clusters, Scope, SentenceId};

/// A `role` sentence and the `can` sentences in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Role {
    /// The sentence.
    pub sentence: SentenceId,
    /// Its name, as an object has it.
    pub name: SmolStr,
    /// In a namespace: a Role there; in `everywhere`: a ClusterRole.
    pub scope: Scope,
    /// What it permits; empty only where it is [`Role::joined_by`].
    pub permissions: Vec<Permission>,
    /// The aggregated roles that it flows into (`joins`).
    pub joins: Vec<Joined>,
    /// The label of the roles that flow into this one (`joined by`), e.g. `example.com/aggregate-to-ops=true`.
    pub joined_by: Option<(SmolStr, SmolStr)>,
    /// The clusters it was said for: those of the block that holds it.
    pub clusters: Rc<Clusters>,
}

/// What a role flows into.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Joined {
    /// `joins view`: a role of the cluster's own that is aggregated (`view`, `edit`, `admin`).
    Builtin(SmolStr),
    /// `joins ops`: a role of the policy that says `joined by`.
    Declared(SmolStr),
    /// `joins "example.com/aggregate-to-ops=true"`: a label and its value, which is `true` where none is written.
    Label(SmolStr, SmolStr),
}

/// A `can` sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Permission {
    /// The sentence.
    pub sentence: SentenceId,
    /// The verbs.
    pub verbs: Verbs,
    /// On what.
    pub objects: Objects,
}

/// Verbs, `read` and `write` written out.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verbs {
    /// These, sorted, each once; one or more.
    Named(Vec<SmolStr>),
    /// `everything`: every verb there is and will be.
    Everything,
}

/// What verbs are about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Objects {
    /// Kinds of resources.
    Resources {
        /// Which, sorted, each once; one or more.
        kinds: Vec<Kinds>,
        /// `except`: kinds taken out of `any`. Subresources are never in `any`.
        except: Vec<Resource>,
        /// `named`: only the objects of these names; empty: every name.
        names: Vec<SmolStr>,
    },
    /// `url`: paths of the API server, a `*` only at the end.
    Urls(Vec<SmolStr>),
}

/// Kinds of resources.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kinds {
    /// One kind, or one subresource of it.
    One(Resource),
    /// `any`, `any.argoproj.io`: today's kinds of the cluster's version and of the custom ones known, of every group or of this.
    Any {
        /// The group; none: every group.
        group: Option<SmolStr>,
    },
    /// `everything`: every resource, subresource and group there is and will be.
    Everything,
}

/// A kind of resource, as RBAC names it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Resource {
    /// The API group; empty for the core.
    pub group: SmolStr,
    /// The plural, e.g. `pods`.
    pub resource: SmolStr,
    /// `exec` in `pods/exec`.
    pub subresource: Option<SmolStr>,
}

/// A `grant` sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// The sentence.
    pub sentence: SentenceId,
    /// What is granted.
    pub role: Granted,
    /// To whom; one or more, sorted, each once.
    pub subjects: Vec<Subject>,
    /// In a namespace: there alone; in `everywhere`: in every namespace, and cluster-wide.
    pub scope: Scope,
    /// The clusters it was said for: those of the block that holds it.
    pub clusters: Rc<Clusters>,
}

/// What a grant gives.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Granted {
    /// A role of this namespace.
    Role(SmolStr),
    /// A role of `everywhere`.
    ClusterRole(SmolStr),
    /// A role that every cluster of its version has: `view`, `edit`, `admin`, `cluster-admin` …
    Builtin(SmolStr),
    /// A role that a manifest given or included declares.
    Given {
        /// Whether it is a ClusterRole.
        cluster_wide: bool,
        /// Its name.
        name: SmolStr,
    },
    /// One of the cloud service's own roles, where the cluster's identity is `ibm-iam`.
    Service(ServiceRole),
}

/// A service role of IBM Cloud IAM.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ServiceRole {
    /// `reader`: view.
    Reader,
    /// `writer`: edit.
    Writer,
    /// `manager`: admin in a namespace, cluster-admin everywhere.
    Manager,
}

/// Whom something is granted to, as the policy names it: prefixes are the cluster's.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Subject {
    /// `group`.
    Group(SmolStr),
    /// `user`.
    User(SmolStr),
    /// `serviceaccount`.
    ServiceAccount {
        /// Its namespace.
        namespace: SmolStr,
        /// Its name.
        name: SmolStr,
    },
}

/// How a cluster knows people: what is written before the names of users and groups.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Identity {
    /// `none`, and where nothing is said: names are written as they are.
    #[default]
    Plain,
    /// `ibm-iam`: users as `IAM#mail`, access groups by name.
    IbmIam,
    /// `oidc prefix "oidc:"`: the prefix before users and groups.
    Oidc {
        /// The prefix; empty: none.
        prefix: SmolStr,
    },
    /// `eks`: access entries; groups that begin with `system:` are refused.
    Eks,
    /// `gke`: Google accounts and groups by e-mail address.
    Gke,
}

/// `resource certificates in cert-manager.io [cluster]`: a kind that no table holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Custom {
    /// The sentence.
    pub sentence: SentenceId,
    /// Group and plural.
    pub resource: Resource,
    /// Whether its objects are in no namespace.
    pub cluster_wide: bool,
    /// Where it is known: declared in a namespace, to the roles of that namespace alone.
    pub scope: Scope,
    /// The clusters it was said for: those of the block that holds it.
    pub clusters: Rc<Clusters>,
}

/// `assert nobody [except …] can VERBS on OBJECTS [in NAMESPACES]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Nobody {
    /// The sentence.
    pub sentence: SentenceId,
    /// Who may all the same.
    pub except: Vec<Subject>,
    /// The verbs: any one of them is too many.
    pub verbs: Verbs,
    /// On what.
    pub objects: Objects,
    /// Where; empty: anywhere, cluster-wide included.
    pub namespaces: Vec<SmolStr>,
    /// The clusters it was said for: those of the block that holds it.
    pub clusters: Rc<Clusters>,
}
