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
    ContinuationNotIndented = "continuation-not-indented" Error,
    DenyNotExpressible = "deny-not-expressible" Error,
    DenyTooLarge = "deny-too-large" Error,
    DuplicateClause = "duplicate-clause" Error,
    EmptySet = "empty-set" Error,
    ExceptCutsNothing = "except-cuts-nothing" Error,
    ExceptNotExpressible = "except-not-expressible" Error,
    FileTooLarge = "file-too-large" Error,
    FlowInNoCluster = "flow-in-no-cluster" Error,
    ForbiddenCharacter = "forbidden-character" Error,
    ForeignForm = "foreign-form" Error,
    GluedComment = "glued-comment" Error,
    LookAlikeLetter = "look-alike-letter" Error,
    MisplacedClause = "misplaced-clause" Error,
    MisplacedSentence = "misplaced-sentence" Error,
    NameTooLong = "name-too-long" Error,
    NeedsCalico = "needs-calico" Error,
    NestingTooDeep = "nesting-too-deep" Error,
    NotYet = "not-yet" Error,
    ReservedName = "reserved-name" Error,
    SentenceTooLong = "sentence-too-long" Error,
    TooManyErrors = "too-many-errors" Error,
    UnbalancedBracket = "unbalanced-bracket" Error,
    UnclosedQuote = "unclosed-quote" Error,
    UnexpectedText = "unexpected-text" Error,
    WrongDate = "wrong-date" Error,
    WrongEscape = "wrong-escape" Error,
}
