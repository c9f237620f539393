//! Port numbers as written.

use smallvec::SmallVec;

use crate::diagnostic::{Code, Diagnostic};
use crate::semantics::ports::{PortSet, Protocol};
use crate::syntax::tree::{self, PortNumbers, Word};

use super::report::Report;

/// The ports a range or number stands for, by these protocols where none is written.
pub(super) fn ports(numbers: &PortNumbers, otherwise: &[Protocol], report: &mut Report) -> Option<PortSet> {
    let (low, high) = range(&numbers.numbers, report)?;
    let by_all = |protocols: &[Protocol]| match protocols {
        [only] => PortSet::range(*only, low, high),
        many => many.iter().fold(PortSet::none(), |all, p| all.union(&PortSet::range(*p, low, high))),
    };
    let written: SmallVec<[Protocol; 3]> = numbers.protocols.iter().map(|p| protocol(*p)).collect();
    Some(by_all(if written.is_empty() { otherwise } else { &written }))
}

/// The semantic protocol of a written one.
pub(super) fn protocol(written: tree::Protocol) -> Protocol {
    match written {
        tree::Protocol::Tcp => Protocol::Tcp,
        tree::Protocol::Udp => Protocol::Udp,
        tree::Protocol::Sctp => Protocol::Sctp,
    }
}

/// Whether a word is a number or a range: what stands for a template's parameter may be a name.
pub(super) fn is_numeric(word: &Word) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    digits(&word.text) || word.text.split_once('-').is_some_and(|(low, high)| digits(low) && digits(high))
}

/// `8000-8100` or `5432`, as its two ends.
fn range(word: &Word, report: &mut Report) -> Option<(u16, u16)> {
    let read = |text: &str| if text.bytes().all(|b| b.is_ascii_digit()) { text.parse::<u16>().ok().filter(|n| *n > 0) } else { None };
    if let Some(single) = read(&word.text).filter(|_| !word.text.starts_with('0')) {
        return Some((single, single));
    }
    let (low, high) = word.text.split_once('-').unwrap_or((&word.text, &word.text));
    let (Some(low), Some(high)) = (read(low), read(high)) else {
        report.push(
            Diagnostic::new(Code::InvalidPort, word.span, format!("`{}` is not a port", word.text))
                .help("ports run from 1 to 65535; all ports of a protocol are written `tcp`, `udp` or `sctp`"),
        );
        return None;
    };
    if low > high {
        report.push(
            Diagnostic::new(Code::InvalidPort, word.span, format!("the range `{}` runs backwards", word.text))
                .help(format!("write `{high}-{low}`"))
                .fix(word.span, format!("{high}-{low}")),
        );
        return None;
    }
    if word.text.starts_with('0') || word.text.contains("-0") {
        report.push(
            Diagnostic::new(Code::InvalidPort, word.span, format!("`{}` has a leading zero", word.text)).help("write the port without it"),
        );
        return None;
    }
    Some((low, high))
}
