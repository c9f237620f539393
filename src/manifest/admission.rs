//! admissionregistration.k8s.io/v1 ValidatingAdmissionPolicy and its binding. Without the binding the policy does nothing.

use smol_str::SmolStr;

use super::Metadata;

/// A policy on what may be created or changed of one kind. What the server cannot evaluate is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// Its name.
    pub metadata: Metadata,
    /// The kind's API group.
    pub group: &'static str,
    /// Its version.
    pub version: &'static str,
    /// Its plural.
    pub resource: &'static str,
    /// What must hold of every object, in CEL.
    pub expression: &'static str,
    /// What is said where it does not.
    pub message: &'static str,
}

/// Puts a policy into effect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Binding {
    /// Its name.
    pub metadata: Metadata,
    /// The policy.
    pub policy: SmolStr,
    /// The namespaces it does not hold in.
    pub except: Vec<SmolStr>,
}
