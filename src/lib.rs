//! polc compiles a few sentences of policy into Kubernetes and Calico manifests.

pub mod diagnostic;
pub mod source;
pub mod syntax;
