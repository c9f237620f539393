//! polc compiles a few sentences of policy into Kubernetes and Calico manifests.

pub mod diagnostic;
pub mod ir;
pub mod manifest;
pub mod plan;
pub mod semantics;
pub mod source;
pub mod syntax;
