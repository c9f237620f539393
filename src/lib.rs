//! polc compiles a few sentences of policy into Kubernetes and Calico manifests.
//!
//! The library is pure: a virtual file set goes in, objects, diagnostics and a source
//! map come out. It does no I/O, reads no clock, and never prints.
//!
//! ```
//! use polc::{Files, Options, SourceFile};
//!
//! let policy = SourceFile {
//!     name: "payments.polc".into(),
//!     text: "namespace payments isolate; allow frontend -> api 8443".into(),
//! };
//! let compilation = polc::compile(Files { policies: vec![policy], ..Files::default() }, &Options::default());
//! assert!(!compilation.has_errors());
//! assert!(compilation.to_yaml().contains("kind: NetworkPolicy"));
//! ```

#![forbid(unsafe_code)]

mod compile;
pub mod diagnostic;
mod hash;
mod ir;
pub mod manifest;
mod plan;
pub mod query;
mod resolve;
mod semantics;
pub mod source;
mod surface;
mod syntax;
mod target;
mod verify;

pub use compile::{Beside, Compilation, Files, Grants, Options, Output, Place, SourceMapEntry, compile, included_paths};
pub use diagnostic::{Diagnostic, Severity};

pub use source::{SourceFile, Sources};
pub use syntax::MAX_FILE;
#[doc(hidden)]
pub use verify::look;
pub use verify::proof::{Assumption, Proof};
