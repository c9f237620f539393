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
    AmbiguousResource = "ambiguous-resource" Error,
    AnnotationUndoesTls = "annotation-undoes-tls" Error,
    AnonymousSubject = "anonymous-subject" Error,
    AssertionFailed = "assertion-failed" Error,
    AuthorityCannotSign = "authority-cannot-sign" Error,
    BackendSpeaksOtherwise = "backend-speaks-otherwise" Error,
    CalicoLimitExceeded = "calico-limit-exceeded" Error,
    CertificateWithoutAuthority = "certificate-without-authority" Error,
    ClusterFactMissing = "cluster-fact-missing" Error,
    ClusterRangesUnstated = "cluster-ranges-unstated" Error,
    ClusterResourceInNamespace = "cluster-resource-in-namespace" Error,
    ConflictingSettings = "conflicting-settings" Error,
    ContinuationNotIndented = "continuation-not-indented" Error,
    ContradictorySelector = "contradictory-selector" Error,
    ControllerCannot = "controller-cannot" Error,
    DeadResource = "dead-resource" Warning,
    DenyClosesDns = "deny-closes-dns" Warning,
    DenyNotExpressible = "deny-not-expressible" Error,
    DenyTooLarge = "deny-too-large" Error,
    DnsWithoutEgress = "dns-without-egress" Error,
    DuplicateClause = "duplicate-clause" Error,
    DuplicateDeclaration = "duplicate-declaration" Error,
    DuplicateId = "duplicate-id" Error,
    DuplicateSentence = "duplicate-sentence" Warning,
    EmptyPolicy = "empty-policy" Error,
    EmptySet = "empty-set" Error,
    ExceptCutsNothing = "except-cuts-nothing" Error,
    ExceptNotExpressible = "except-not-expressible" Error,
    ExceptWithoutAny = "except-without-any" Error,
    ExceptionWithoutReason = "exception-without-reason" Error,
    Expired = "expired" Error,
    ExpiresSoon = "expires-soon" Warning,
    ExposedPort = "exposed-port" Error,
    ExternalNamespace = "external-namespace" Error,
    FileTooLarge = "file-too-large" Error,
    FlowInNoCluster = "flow-in-no-cluster" Error,
    ForbiddenCharacter = "forbidden-character" Error,
    ForeignFlow = "foreign-flow" Error,
    ForeignForm = "foreign-form" Error,
    ForeignRole = "foreign-role" Error,
    GluedComment = "glued-comment" Error,
    GrantNeedsReason = "grant-needs-reason" Error,
    GrantToSystem = "grant-to-system" Error,
    HostClaimedTwice = "host-claimed-twice" Error,
    HostNetwork = "host-network" Error,
    IncludeDefeatsDeny = "include-defeats-deny" Error,
    IncludeNotFound = "include-not-found" Error,
    IncludeOpens = "include-opens" Warning,
    IncludeUnanalysed = "include-unanalysed" Error,
    InvalidAddress = "invalid-address" Error,
    InvalidAuthority = "invalid-authority" Error,
    InvalidHost = "invalid-host" Error,
    InvalidInclude = "invalid-include" Error,
    InvalidName = "invalid-name" Error,
    InvalidPath = "invalid-path" Error,
    InvalidPort = "invalid-port" Error,
    InvalidRedirect = "invalid-redirect" Error,
    InvalidSetting = "invalid-setting" Error,
    InvalidUrl = "invalid-url" Error,
    IsolateNeedsPeers = "isolate-needs-peers" Error,
    IsolationClosesDns = "isolation-closes-dns" Warning,
    JoinsMisplaced = "joins-misplaced" Error,
    LookAlikeGroup = "look-alike-group" Warning,
    LookAlikeLetter = "look-alike-letter" Error,
    LookAlikeSubject = "look-alike-subject" Error,
    ManifestConflict = "manifest-conflict" Warning,
    ManifestNotJudged = "manifest-not-judged" Warning,
    ManifestSelectorNotPlain = "manifest-selector-not-plain" Note,
    ManifestUnreadable = "manifest-unreadable" Error,
    MastersGroup = "masters-group" Error,
    MisplacedClause = "misplaced-clause" Error,
    MisplacedSentence = "misplaced-sentence" Error,
    NameInList = "name-in-list" Note,
    NameLimitsNothing = "name-limits-nothing" Error,
    NameTooLong = "name-too-long" Error,
    NamedTwice = "named-twice" Warning,
    NamespaceLabelUnstated = "namespace-label-unstated" Error,
    NeedsCalico = "needs-calico" Error,
    NestingTooDeep = "nesting-too-deep" Error,
    NewerVersion = "newer-version" Warning,
    NoNamespaceHere = "no-namespace-here" Error,
    NoSuchAccount = "no-such-account" Error,
    NoSuchCluster = "no-such-cluster" Error,
    NoTlsPort = "no-tls-port" Error,
    NotIsolable = "not-isolable" Error,
    NotOurs = "not-ours" Error,
    NotUtf8 = "not-utf-8" Error,
    NotYet = "not-yet" Error,
    ObjectCollision = "object-collision" Error,
    PartialLabels = "partial-labels" Error,
    PeerAmongPorts = "peer-among-ports" Error,
    PeerListCycle = "peer-list-cycle" Error,
    PermissionNeedsReason = "permission-needs-reason" Error,
    PermissionsOfJoinedRole = "permissions-of-joined-role" Error,
    PlainRefused = "plain-refused" Error,
    PlainWithoutReason = "plain-without-reason" Error,
    ProofFailed = "proof-failed" Error,
    RangesOverlap = "ranges-overlap" Error,
    ReservedLabel = "reserved-label" Error,
    ReservedName = "reserved-name" Error,
    ReservedRole = "reserved-role" Error,
    ResourceDiffers = "resource-differs" Error,
    RoleNotGranted = "role-not-granted" Warning,
    RoleNotInCluster = "role-not-in-cluster" Error,
    RoleNotJoined = "role-not-joined" Error,
    RoleWithoutPermission = "role-without-permission" Error,
    SecretUnnamed = "secret-unnamed" Error,
    SelfSignedInPublic = "self-signed-in-public" Error,
    SentenceTooLong = "sentence-too-long" Error,
    ServicePortNotPodPort = "service-port-not-pod-port" Error,
    ServicePortUnknown = "service-port-unknown" Error,
    StrongerServiceAccount = "stronger-service-account" Error,
    SubjectNotPossible = "subject-not-possible" Error,
    SubresourceOfAny = "subresource-of-any" Error,
    TemplateArguments = "template-arguments" Error,
    TemplateParameter = "template-parameter" Error,
    TemplateRecursion = "template-recursion" Error,
    TlsPortAssumed = "tls-port-assumed" Warning,
    TooManyErrors = "too-many-errors" Error,
    UnanalysedWithoutNeed = "unanalysed-without-need" Warning,
    UnanalysedWithoutReason = "unanalysed-without-reason" Error,
    UnbalancedBracket = "unbalanced-bracket" Error,
    UnclosedQuote = "unclosed-quote" Error,
    UnexpectedText = "unexpected-text" Error,
    UnknownAuthority = "unknown-authority" Error,
    UnknownCluster = "unknown-cluster" Error,
    UnknownController = "unknown-controller" Error,
    UnknownEdition = "unknown-edition" Error,
    UnknownNamespace = "unknown-namespace" Error,
    UnknownPort = "unknown-port" Error,
    UnknownResource = "unknown-resource" Error,
    UnknownRole = "unknown-role" Error,
    UnknownTemplate = "unknown-template" Error,
    UnknownVerb = "unknown-verb" Error,
    UnknownWord = "unknown-word" Error,
    UnknownWorkload = "unknown-workload" Error,
    UnsupportedVerb = "unsupported-verb" Error,
    UnsupportedVersion = "unsupported-version" Error,
    UnverifiedWithoutReason = "unverified-without-reason" Error,
    UrlInNamespace = "url-in-namespace" Error,
    WildcardInRole = "wildcard-in-role" Error,
    WorkloadDiffersFromManifest = "workload-differs-from-manifest" Warning,
    WorkloadLabelDiffers = "workload-label-differs" Error,
    WrongDate = "wrong-date" Error,
    WrongEscape = "wrong-escape" Error,
}

#[cfg(test)]
mod tests;
