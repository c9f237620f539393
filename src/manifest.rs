//! Kubernetes and Calico objects: our own small types, only the fields polc writes.
//!
//! What must never be written cannot be built: a rule's peers are everyone or one or
//! more, never an empty list (which Kubernetes reads as everyone).

pub mod admission;
pub mod calico;
pub mod cert_manager;
pub(crate) mod included;
pub mod ingress;
#[cfg(feature = "k8s-openapi")]
mod k8s;
pub mod network_policy;
pub mod rbac;
pub(crate) mod read;
mod texts;
pub(crate) mod tree;
pub mod yaml;

use smallvec::SmallVec;
use smol_str::SmolStr;

pub use texts::Texts;

/// One or more: the list that cannot be empty. Most have one, which needs no memory of its own.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct OneOrMore<T>(SmallVec<[T; 1]>);

impl<T> OneOrMore<T> {
    /// The list; none if it is empty.
    #[must_use]
    pub fn new(items: impl IntoIterator<Item = T>) -> Option<Self> {
        let items: SmallVec<[T; 1]> = items.into_iter().collect();
        if items.is_empty() { None } else { Some(OneOrMore(items)) }
    }

    /// The items.
    pub fn iter(&self) -> std::slice::Iter<'_, T> {
        self.0.iter()
    }
}

/// Name, labels and annotations of an object.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Metadata {
    /// Its name.
    pub name: SmolStr,
    /// Its namespace; none for a cluster-wide object.
    pub namespace: Option<SmolStr>,
    /// Its labels.
    pub labels: Texts,
    /// Its annotations.
    pub annotations: Texts,
}

/// An object of the output.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Object {
    /// v1 Namespace: metadata alone.
    Namespace(Metadata),
    /// networking.k8s.io/v1 NetworkPolicy.
    NetworkPolicy(network_policy::NetworkPolicy),
    /// projectcalico.org/v3 Tier.
    Tier(calico::Tier),
    /// projectcalico.org/v3 GlobalNetworkSet.
    GlobalNetworkSet(calico::GlobalNetworkSet),
    /// projectcalico.org/v3 GlobalNetworkPolicy (its metadata has no namespace).
    GlobalNetworkPolicy(calico::Policy),
    /// projectcalico.org/v3 NetworkPolicy.
    CalicoNetworkPolicy(calico::Policy),
    /// networking.k8s.io/v1 Ingress.
    Ingress(ingress::Ingress),
    /// admissionregistration.k8s.io/v1 ValidatingAdmissionPolicy.
    AdmissionPolicy(admission::Policy),
    /// admissionregistration.k8s.io/v1 ValidatingAdmissionPolicyBinding.
    AdmissionBinding(admission::Binding),
    /// cert-manager.io/v1 ClusterIssuer.
    ClusterIssuer(cert_manager::ClusterIssuer),
    /// cert-manager.io/v1 Certificate.
    Certificate(cert_manager::Certificate),
    /// trust.cert-manager.io/v1alpha1 Bundle.
    Bundle(cert_manager::Bundle),
    /// v1 ServiceAccount.
    ServiceAccount(rbac::ServiceAccount),
    /// rbac.authorization.k8s.io/v1 Role.
    Role(rbac::Role),
    /// rbac.authorization.k8s.io/v1 ClusterRole.
    ClusterRole(rbac::ClusterRole),
    /// rbac.authorization.k8s.io/v1 RoleBinding.
    RoleBinding(rbac::RoleBinding),
    /// rbac.authorization.k8s.io/v1 ClusterRoleBinding.
    ClusterRoleBinding(rbac::ClusterRoleBinding),
    /// A manifest passed through.
    Included(Included),
}

/// One document of an included file, as it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Included {
    /// `apiVersion`.
    pub api_version: String,
    /// `kind`.
    pub kind: String,
    /// Name and namespace.
    pub metadata: Metadata,
    /// Its text, without document marks.
    pub text: String,
}

impl Object {
    /// `apiVersion`.
    #[must_use]
    pub fn api_version(&self) -> &str {
        match self {
            Object::NetworkPolicy(_) | Object::Ingress(_) => "networking.k8s.io/v1",
            Object::ClusterIssuer(_) | Object::Certificate(_) => "cert-manager.io/v1",
            Object::Bundle(_) => "trust.cert-manager.io/v1alpha1",
            Object::AdmissionPolicy(_) | Object::AdmissionBinding(_) => "admissionregistration.k8s.io/v1",
            Object::Namespace(_) | Object::ServiceAccount(_) => "v1",
            Object::Role(_) | Object::ClusterRole(_) | Object::RoleBinding(_) | Object::ClusterRoleBinding(_) => {
                "rbac.authorization.k8s.io/v1"
            }
            Object::Included(included) => &included.api_version,
            Object::Tier(_) | Object::GlobalNetworkSet(_) | Object::GlobalNetworkPolicy(_) | Object::CalicoNetworkPolicy(_) => {
                "projectcalico.org/v3"
            }
        }
    }

    /// `kind`.
    #[must_use]
    pub fn kind(&self) -> &str {
        match self {
            Object::Namespace(_) => "Namespace",
            Object::NetworkPolicy(_) | Object::CalicoNetworkPolicy(_) => "NetworkPolicy",
            Object::Ingress(_) => "Ingress",
            Object::ClusterIssuer(_) => "ClusterIssuer",
            Object::Certificate(_) => "Certificate",
            Object::Bundle(_) => "Bundle",
            Object::AdmissionPolicy(_) => "ValidatingAdmissionPolicy",
            Object::AdmissionBinding(_) => "ValidatingAdmissionPolicyBinding",
            Object::Tier(_) => "Tier",
            Object::GlobalNetworkSet(_) => "GlobalNetworkSet",
            Object::GlobalNetworkPolicy(_) => "GlobalNetworkPolicy",
            Object::ServiceAccount(_) => "ServiceAccount",
            Object::Role(_) => "Role",
            Object::ClusterRole(_) => "ClusterRole",
            Object::RoleBinding(_) => "RoleBinding",
            Object::ClusterRoleBinding(_) => "ClusterRoleBinding",
            Object::Included(included) => &included.kind,
        }
    }

    /// Name, labels, annotations.
    #[must_use]
    pub fn metadata(&self) -> &Metadata {
        match self {
            Object::Namespace(metadata) => metadata,
            Object::NetworkPolicy(object) => &object.metadata,
            Object::Ingress(object) => &object.metadata,
            Object::ClusterIssuer(object) => &object.metadata,
            Object::Certificate(object) => &object.metadata,
            Object::Bundle(object) => &object.metadata,
            Object::AdmissionPolicy(object) => &object.metadata,
            Object::AdmissionBinding(object) => &object.metadata,
            Object::Tier(object) => &object.metadata,
            Object::GlobalNetworkSet(object) => &object.metadata,
            Object::GlobalNetworkPolicy(object) | Object::CalicoNetworkPolicy(object) => &object.metadata,
            Object::ServiceAccount(object) => &object.metadata,
            Object::Role(object) => &object.metadata,
            Object::ClusterRole(object) => &object.metadata,
            Object::RoleBinding(object) => &object.metadata,
            Object::ClusterRoleBinding(object) => &object.metadata,
            Object::Included(object) => &object.metadata,
        }
    }
}
