//! A question (`SRC -> DST [PORT]`) as far as its text alone says what is meant: labels, addresses
//! and port numbers are read, names stay names. Who they are depends on what is asked about.

use smol_str::{SmolStr, format_smolstr};

use crate::diagnostic::{Code, Diagnostic, Label};
use crate::semantics::addresses::AddressSet;
use crate::semantics::pods::PodBox;
use crate::semantics::ports::{PortSet, Protocol};
use crate::source::{FileId, Span};
use crate::syntax;
use crate::syntax::tree::{self, Builtin, PortKind, Word};

use super::report::Report;
use super::{address, names, number, peer, selector};

/// A question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Question {
    /// Who opens the connection.
    pub(crate) sources: Ends,
    /// To whom.
    pub(crate) destinations: Ends,
    /// On which ports; empty: which ones is the question.
    pub(crate) ports: Vec<Port>,
}

/// Some ends, less others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Ends {
    /// Everything before `except`.
    pub(crate) list: Vec<Asked>,
    /// Everything after it.
    pub(crate) except: Vec<Asked>,
}

/// One end, as it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Asked {
    /// Who.
    pub(crate) who: Who,
    /// As answers show it.
    pub(crate) text: SmolStr,
}

/// Who is asked about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Who {
    /// A workload, or a peer list.
    Named {
        /// Its namespace, where it is written.
        namespace: Option<SmolStr>,
        /// Its name.
        name: SmolStr,
    },
    /// Pods by labels.
    Pods {
        /// The one namespace that is named.
        namespace: Option<SmolStr>,
        /// Namespace and labels.
        pods: PodBox,
    },
    /// Pods that run under a service account.
    Account {
        /// Its namespace, where it is written.
        namespace: Option<SmolStr>,
        /// Its name.
        name: SmolStr,
    },
    /// Addresses.
    Addresses(AddressSet),
    /// A word of the language, `anywhere` (which is also written `*`) among them.
    Builtin(Builtin),
}

/// A port, as it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Port {
    /// By number or protocol.
    These(PortSet),
    /// By a name that the destination gives it.
    Named(SmolStr),
    /// The destination's TLS ports.
    Tls,
}

/// What stands around a question where it is read: the sentence whose form it has.
const BEFORE: &str = "everywhere { allow ";
const AFTER: &str = "\n}";

/// Reads a question. What is wrong has places in its text.
pub(crate) fn read(text: &str) -> Result<Question, Vec<Diagnostic>> {
    let text = with_words(text);
    let (file, found) = syntax::parse(FileId(0), &format!("{BEFORE}{text}{AFTER}"));
    if !found.is_empty() {
        return Err(found.into_iter().map(moved).collect());
    }
    let Some(flow) = only_flow(&file) else { return Err(vec![not_one(&text)]) };
    let mut report = Report::new(false);
    let question = Question {
        sources: ends(&flow.sources, &mut report),
        destinations: ends(&flow.destinations, &mut report),
        ports: flow.ports.iter().filter_map(|port| read_port(port, &mut report)).collect(),
    };
    let found = report.finish();
    if found.iter().any(Diagnostic::is_error) { Err(found.into_iter().map(moved).collect()) } else { Ok(question) }
}

/// The question with `anywhere` where it has `*` as an end.
fn with_words(text: &str) -> String {
    let Some((source, rest)) = text.split_once("->") else { return text.to_owned() };
    let source = if source.trim() == "*" { "anywhere " } else { source };
    match rest.trim_start().strip_prefix('*').filter(|ports| ports.is_empty() || ports.starts_with(char::is_whitespace)) {
        Some(ports) => format!("{source}-> anywhere{ports}"),
        None => format!("{source}->{rest}"),
    }
}

/// The flow, if the text is one and nothing else.
fn only_flow(file: &tree::File) -> Option<&tree::Flow> {
    let [sentence] = file.sentences.as_slice() else { return None };
    let tree::Kind::Everywhere(body) = &sentence.kind else { return None };
    match body.as_slice() {
        [tree::Sentence { kind: tree::Kind::Allow(flow), clauses, .. }] if clauses.is_none() => Some(flow),
        _ => None,
    }
}

fn not_one(text: &str) -> Diagnostic {
    let span = Span { file: FileId(0), start: 0, end: u32::try_from(text.len()).unwrap_or(u32::MAX) };
    Diagnostic::new(Code::UnexpectedText, span, "a question is one flow and nothing else").help("write `SRC -> DST [PORT]`")
}

/// A diagnostic with its places in the question alone.
fn moved(mut diagnostic: Diagnostic) -> Diagnostic {
    let back = |at: u32| at.saturating_sub(u32::try_from(BEFORE.len()).unwrap_or(0));
    let label = |label: &mut Label| label.span = Span { start: back(label.span.start), end: back(label.span.end), ..label.span };
    diagnostic.primary.iter_mut().for_each(label);
    diagnostic.secondary.iter_mut().for_each(label);
    diagnostic
}

fn ends(written: &tree::Peers, report: &mut Report) -> Ends {
    let mut all = |peers: &[tree::Peer]| peers.iter().filter_map(|peer| asked(peer, report)).collect();
    Ends { list: all(&written.list), except: all(&written.except) }
}

fn asked(peer: &tree::Peer, report: &mut Report) -> Option<Asked> {
    Some(Asked { who: who(peer, report)?, text: peer::shown(&peer.kind) })
}

fn who(peer: &tree::Peer, report: &mut Report) -> Option<Who> {
    let of = |namespace: &Word| Some(namespace.text.clone());
    Some(match &peer.kind {
        tree::PeerKind::Name(name) => Who::Named { namespace: None, name: name.text.clone() },
        tree::PeerKind::Qualified(namespace, name) => Who::Named { namespace: of(namespace), name: name.text.clone() },
        tree::PeerKind::Pods(_) => {
            report.push(homeless(peer.span, &peer::shown(&peer.kind)));
            return None;
        }
        tree::PeerKind::NamespacePods(namespace, requirements) => {
            names::check(namespace, names::Becomes::DnsLabel, "a namespace", report).then_some(())?;
            let pods = PodBox { namespace: PodBox::namespace_called(namespace.text.clone()), ..labelled(requirements, report)? };
            Who::Pods { namespace: of(namespace), pods }
        }
        tree::PeerKind::AnyPods(requirements) => Who::Pods { namespace: None, pods: labelled(requirements, report)? },
        tree::PeerKind::LabelledNamespaces(namespaces, requirements) => {
            let namespace = selector::labels(namespaces, report)?;
            Who::Pods { namespace: None, pods: PodBox { namespace, ..labelled(requirements, report)? } }
        }
        tree::PeerKind::ServiceAccount(namespace, name) => {
            Who::Account { namespace: namespace.as_ref().and_then(of), name: name.text.clone() }
        }
        tree::PeerKind::Address(word) => Who::Addresses(AddressSet::network(address::network(word, report)?)),
        tree::PeerKind::Builtin(builtin) => Who::Builtin(*builtin),
        tree::PeerKind::Nodeports(_) => Who::Builtin(Builtin::Nodeports),
    })
}

fn labelled(requirements: &[tree::Requirement], report: &mut Report) -> Option<PodBox> {
    Some(PodBox { pod: selector::labels(requirements, report)?, ..PodBox::default() })
}

/// `pods` stands in a namespace's block; a question stands in none.
fn homeless(span: Span, text: &str) -> Diagnostic {
    Diagnostic::new(Code::NoNamespaceHere, span, format!("`{text}` needs its namespace in a question"))
        .help(format_smolstr!("write `NAMESPACE/{text}`, or `any/{text}` for every namespace"))
}

fn read_port(port: &tree::Port, report: &mut Report) -> Option<Port> {
    Some(Port::These(match &port.kind {
        PortKind::Name(word) => return Some(Port::Named(word.text.clone())),
        PortKind::Tls => return Some(Port::Tls),
        PortKind::Icmp => PortSet::icmp(),
        PortKind::Protocol(protocol) => PortSet::protocol(number::protocol(*protocol)),
        PortKind::Numbers(numbers) => number::ports(numbers, &[Protocol::Tcp], report)?,
    }))
}

#[cfg(test)]
mod tests {
    use super::{Port, Who, read};
    use crate::semantics::ports::{PortSet, Protocol};
    use crate::syntax::tree::Builtin;

    #[test]
    fn ends_and_ports_are_read_as_in_a_flow() {
        let question = read("payments/api -> any/pods(app=x) 443, 53/udp, metrics").unwrap();
        assert_eq!(question.sources.list[0].text, "payments/api");
        assert_eq!(question.destinations.list[0].text, "any/pods(app=x)");
        let udp = PortSet::range(Protocol::Udp, 53, 53);
        assert_eq!(question.ports[1..], [Port::These(udp), Port::Named("metrics".into())]);
    }

    #[test]
    fn a_star_is_anywhere() {
        let question = read("* -> * 443").unwrap();
        assert_eq!(question.sources.list[0].who, Who::Builtin(Builtin::Anywhere));
        assert_eq!(question.destinations.list[0].who, Who::Builtin(Builtin::Anywhere));
        assert_eq!(question.ports.len(), 1);
    }

    #[test]
    fn what_is_wrong_has_its_place_in_the_question() {
        let told = |text: &str| {
            let found = read(text).unwrap_err().remove(0);
            format!("{} {}", found.primary.map_or(0, |label| label.span.start), found.headline)
        };
        assert_eq!(told("pods -> orders/api"), "0 `pods` needs its namespace in a question");
        assert_eq!(told("orders/api -> 10.0.0.1/8"), "14 `10.0.0.1/8` has bits set beyond its length");
        assert_eq!(told("orders/api -> orders/db 99999"), "24 `99999` is not a port");
        assert_eq!(told("a/b -> c/d because \"x\""), "0 a question is one flow and nothing else");
    }
}
