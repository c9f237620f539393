//! The stable names of all diagnostics.

use super::Severity;

/// Declares the codes: one line each, and one page `pages/<name>.md` each.
macro_rules! codes {
    ($($variant:ident = $name:literal $severity:ident,)*) => {
        /// A diagnostic's stable name, in kebab case; names the problem.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[allow(missing_docs, reason = "each code has a page")]
        pub enum Code { $($variant,)* }

        impl Code {
            /// All codes, by name.
            pub const ALL: &'static [Code] = &[$(Code::$variant,)*];

            /// The name as messages show it.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Code::$variant => $name,)* }
            }

            /// The weight it has unless somebody asks for more.
            #[must_use]
            pub fn severity(self) -> Severity {
                match self { $(Code::$variant => Severity::$severity,)* }
            }

            /// The page that `polc explain` prints: what, why, avoid, prefer.
            #[must_use]
            pub fn page(self) -> &'static str {
                match self { $(Code::$variant => include_str!(concat!("pages/", $name, ".md")),)* }
            }
        }
    };
}

codes! {
    AddressInsideCluster = "address-inside-cluster" Error,
    AllowWithoutEffect = "allow-without-effect" Warning,
    ClusterFactMissing = "cluster-fact-missing" Error,
    ClusterRangesUnstated = "cluster-ranges-unstated" Error,
    DenyNotExpressible = "deny-not-expressible" Error,
    DenyTooLarge = "deny-too-large" Error,
    EmptySet = "empty-set" Error,
    ExceptCutsNothing = "except-cuts-nothing" Error,
    ExceptNotExpressible = "except-not-expressible" Error,
    FlowInNoCluster = "flow-in-no-cluster" Error,
    NeedsCalico = "needs-calico" Error,
    NotUtf8 = "not-utf-8" Error,
    NotYet = "not-yet" Error,
    UnexpectedText = "unexpected-text" Error,
}

#[cfg(test)]
mod tests;
