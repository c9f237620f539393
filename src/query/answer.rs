//! What an answer says.

/// The answer to one question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The question, as it was asked.
    pub question: String,
    /// The cluster it was asked about.
    pub cluster: String,
    /// The answer in a word, over all pairs of ends.
    pub verdict: Verdict,
    /// The ports that were asked about; none: the question was which.
    pub asked: Option<String>,
    /// Whether the question has words that stand for several ends; then only pairs that may connect are listed.
    pub listed: bool,
    /// Each source with each destination.
    pub pairs: Vec<Pair>,
    /// What the manifests hold that could matter here and is not understood.
    pub not_understood: Vec<String>,
    /// What else has to be known about the ends that were asked about.
    pub notes: Vec<String>,
}

/// May it?
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// Every connection that was asked about passes; where no port was named: some port is open.
    Allowed,
    /// None passes.
    Denied,
    /// Some pass, and others do not.
    Partly,
    /// It depends on something that is not understood.
    Unknown,
}

impl Verdict {
    /// The word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Verdict::Allowed => "allowed",
            Verdict::Denied => "denied",
            Verdict::Partly => "partly",
            Verdict::Unknown => "unknown",
        }
    }
}

/// One source and one destination.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pair {
    /// Who opens the connection.
    pub source: String,
    /// To whom.
    pub destination: String,
    /// The answer for these two.
    pub verdict: Verdict,
    /// The ports that are open for all of them, of those asked about: `443/tcp`, `8080-8090/tcp`, `all`; empty: none.
    pub ports: String,
    /// What passes between some of them only.
    pub partly: Vec<Piece>,
}

/// Connections that pass between some of the ends.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Piece {
    /// The ports.
    pub ports: String,
    /// Which of the sources; empty: all.
    pub source: String,
    /// Which of the destinations; empty: all.
    pub destination: String,
}
