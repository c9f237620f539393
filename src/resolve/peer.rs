//! Who is meant: bare names, names of other namespaces, labels, addresses, and words of
//! the language.

use std::collections::BTreeMap;
use std::rc::Rc;

use smallvec::SmallVec;
use smol_str::{SmolStr, format_smolstr};

use crate::ir::facts::Facts;
use crate::ir::{self, Address, PeerKind, Who};
use crate::semantics::addresses::AddressSet;
use crate::semantics::labels::Labels;
use crate::semantics::pods::NAMESPACE_NAME;
use crate::source::Span;
use crate::syntax::tree::{self, Builtin, Word};

use super::entry::Declared;
use super::named::joined;
use super::names::{Becomes, check};
use super::place::Home;
use super::port::PortIndex;
use super::report::Report;
use super::table::Table;
use super::unknown;
use super::{address, later, lists, selector};

/// The second pass: everything declared is known.
#[derive(Debug)]
pub(super) struct Resolver<'t, 'a> {
    /// Everything declared.
    pub(super) table: &'t Table<'a>,
    /// What the manifests say.
    pub(super) facts: &'t Facts,
    /// What is wrong.
    pub(super) report: &'t mut Report,
    /// Lists already resolved.
    pub(super) list_memo: BTreeMap<usize, lists::Known<'t>>,
    /// How deep the lists go that the one being resolved names.
    pub(super) list_depth: usize,
    /// Lists being resolved.
    pub(super) list_stack: Vec<usize>,
    /// Which workloads declare a port of a name; made when first asked for.
    pub(super) port_index: Option<Rc<PortIndex>>,
}

/// Where a peer is named.
#[derive(Debug, Clone, Copy)]
pub(super) struct At<'p> {
    /// The block.
    pub(super) home: &'p Home,
    /// The use of a template.
    pub(super) expansion: Option<usize>,
    /// Whether a name may mean `app=<name>` in a namespace that declares no workload: in an `allow`.
    pub(super) implicit: bool,
    /// Whether only pods can be meant: what is to be isolated.
    pub(super) only_pods: bool,
    /// The peer list it is a member of, as objects call it.
    pub(super) list: Option<&'p str>,
}

/// An end, and the workload it names where that is declared.
#[derive(Debug, Clone)]
pub(super) struct End<'t> {
    /// As the IR has it.
    pub(super) peer: ir::Peer,
    /// The workload.
    pub(super) declared: Option<&'t Declared>,
}

/// What peers stand for: mostly one end.
pub(super) type Ends<'t> = SmallVec<[End<'t>; 1]>;

/// The ends as the IR has them.
pub(super) fn peers_of(ends: Ends<'_>) -> SmallVec<[ir::Peer; 1]> {
    ends.into_iter().map(|end| end.peer).collect()
}

impl<'t, 'a> Resolver<'t, 'a> {
    /// Over a complete table.
    pub(super) fn new(table: &'t Table<'a>, facts: &'t Facts, report: &'t mut Report) -> Self {
        Resolver { table, facts, report, list_memo: BTreeMap::new(), list_depth: 0, list_stack: Vec::new(), port_index: None }
    }

    /// A list of peers less its exceptions; none if one of them is wrong.
    pub(super) fn peers(&mut self, written: &tree::Peers, at: &At<'_>) -> Option<(Ends<'t>, Vec<ir::Peer>)> {
        let list = self.all(&written.list, at);
        if written.except.is_empty() {
            return Some((lists::distinct(list?), Vec::new()));
        }
        let except = self.all(&written.except, &At { implicit: false, ..*at });
        Some((lists::distinct(list?), peers_of(except?).into_vec()))
    }

    /// Peers, lists replaced by what they stand for; all are tried, so that every wrong one is told of.
    pub(super) fn all(&mut self, written: &[tree::Peer], at: &At<'_>) -> Option<Ends<'t>> {
        let mut found = Ends::new();
        if let [only] = written {
            return self.peer(only, at, &mut found).map(|()| found);
        }
        let mut sound = true;
        let mut seen: BTreeMap<PeerKind, Span> = BTreeMap::new();
        for peer in written {
            let before = found.len();
            sound &= self.peer(peer, at, &mut found).is_some();
            if let Some([only]) = found.get(before..)
                && let Some(first) = seen.insert(only.peer.kind.clone(), peer.span)
            {
                self.report.push(unknown::named_twice(&shown(&peer.kind), peer.span, first));
            }
        }
        sound.then_some(found)
    }

    /// Adds what one peer stands for; nothing if it is wrong.
    fn peer(&mut self, written: &tree::Peer, at: &At<'_>, found: &mut Ends<'t>) -> Option<()> {
        let kind = match &written.kind {
            tree::PeerKind::Name(word) => return self.named(word, at, found),
            tree::PeerKind::Qualified(namespace, word) => return self.qualified((namespace, word), written.span, at, found),
            tree::PeerKind::Pods(requirements) => PeerKind::Pods {
                namespace: self.home(written.span, || "pods".to_owned(), at)?,
                pods: selector::labels(requirements, self.report)?,
            },
            tree::PeerKind::NamespacePods(namespace, requirements) => {
                let known = self.known_namespace(namespace);
                let pods = selector::labels(requirements, self.report)?;
                PeerKind::Pods { namespace: known?.0.clone(), pods }
            }
            tree::PeerKind::AnyPods(requirements) => {
                PeerKind::PodsOf { namespaces: Labels::any(), pods: selector::labels(requirements, self.report)? }
            }
            tree::PeerKind::LabelledNamespaces(namespaces, pods) => {
                let named = self.are_known(namespaces);
                let (namespaces, pods) = (selector::labels(namespaces, self.report), selector::labels(pods, self.report));
                named.then_some(())?;
                PeerKind::PodsOf { namespaces: namespaces?, pods: pods? }
            }
            tree::PeerKind::ServiceAccount(namespace, name) => {
                let namespace = match namespace {
                    Some(word) => self.known_namespace(word)?.0.clone(),
                    None => self.home(written.span, || format!("serviceaccount {}", name.text), at)?,
                };
                check(name, Becomes::Subdomain, "a service account", self.report)
                    .then(|| PeerKind::ServiceAccount { namespace, name: name.text.clone() })?
            }
            tree::PeerKind::Address(word) => self.address(word, at)?,
            tree::PeerKind::Builtin(builtin) => self.builtin(*builtin, written.span)?,
            tree::PeerKind::Nodeports(_) => {
                self.report.push(later::not_yet("nodeports", written.span));
                return None;
            }
        };
        let name = at.list.filter(|_| matches!(kind, PeerKind::Addresses(_))).map_or_else(|| shown(&written.kind), SmolStr::from);
        found.push(End { peer: self.end(kind, written.span, name, at.home), declared: None });
        Some(())
    }

    /// An end as the IR has it.
    pub(super) fn end(&self, kind: PeerKind, span: Span, name: SmolStr, home: &Home) -> ir::Peer {
        ir::Peer { opens: self.opens(&kind, home), who: Rc::new(Who { kind, name }), except: Vec::new(), span }
    }

    /// Whether an allow at this place opens the end's own side ("An allow opens the ends it names").
    /// In `everywhere` it opens both sides, also of namespaces that are somebody else's: what is
    /// closed there was closed by `everywhere`.
    pub(super) fn opens(&self, kind: &PeerKind, home: &Home) -> bool {
        if *home == Home::Everywhere {
            return true;
        }
        match kind {
            PeerKind::Workload { namespace, .. } | PeerKind::Pods { namespace, .. } | PeerKind::ServiceAccount { namespace, .. } => {
                !self.table.is_external(namespace)
            }
            _ => false,
        }
    }

    /// Whether all namespaces that a selector names by the label of their name are declared.
    fn are_known(&mut self, requirements: &[tree::Requirement]) -> bool {
        let by_name = requirements.iter().filter(|requirement| requirement.key.text == NAMESPACE_NAME);
        let words = by_name.flat_map(|requirement| match &requirement.test {
            tree::Test::Is(word) | tree::Test::IsNot(word) => std::slice::from_ref(word),
            tree::Test::In(words) | tree::Test::NotIn(words) => words.as_slice(),
            tree::Test::Has | tree::Test::Lacks => &[],
        });
        words.filter(|word| self.known_namespace(word).is_none()).count() == 0
    }

    fn home(&mut self, span: Span, what: impl FnOnce() -> String, at: &At<'_>) -> Option<SmolStr> {
        let home = self.table.own(at.home);
        if home.is_none() {
            self.report.push(unknown::no_home(&what(), span));
        }
        home.map(|(name, _)| name.clone())
    }

    fn address(&mut self, word: &Word, at: &At<'_>) -> Option<PeerKind> {
        let set = AddressSet::network(address::network(word, self.report)?);
        Some(PeerKind::Addresses(match at.list {
            Some(list) => Address::Listed(list.into(), set),
            None => Address::Literal(set),
        }))
    }

    fn builtin(&mut self, builtin: Builtin, span: Span) -> Option<PeerKind> {
        Some(match builtin {
            Builtin::Anywhere => PeerKind::Anywhere,
            Builtin::Internet => PeerKind::Addresses(Address::Internet),
            Builtin::Metadata => PeerKind::Addresses(Address::Metadata),
            Builtin::Ingress => PeerKind::Ingress,
            Builtin::Nodes => PeerKind::Nodes,
            Builtin::Dns => PeerKind::Dns,
            Builtin::ApiServer => PeerKind::ApiServer,
            Builtin::Hosts | Builtin::Nodeports => {
                self.report.push(later::not_yet(if builtin == Builtin::Hosts { "hosts" } else { "nodeports" }, span));
                return None;
            }
        })
    }
}

/// How a peer is called in object names and messages.
pub(super) fn shown(kind: &tree::PeerKind) -> SmolStr {
    let pods = |requirements: &[tree::Requirement]| {
        if requirements.is_empty() { SmolStr::new_static("pods") } else { format_smolstr!("pods({})", selector::shown(requirements)) }
    };
    match kind {
        tree::PeerKind::Name(word) | tree::PeerKind::Address(word) => word.text.clone(),
        tree::PeerKind::Qualified(namespace, name) => joined(&namespace.text, &name.text),
        tree::PeerKind::Pods(requirements) => pods(requirements),
        tree::PeerKind::NamespacePods(namespace, requirements) => format_smolstr!("{}/{}", namespace.text, pods(requirements)),
        tree::PeerKind::AnyPods(requirements) => format_smolstr!("any/{}", pods(requirements)),
        tree::PeerKind::LabelledNamespaces(namespaces, requirements) => {
            let namespaces = format_smolstr!("namespaces({})", selector::shown(namespaces));
            if requirements.is_empty() { namespaces } else { format_smolstr!("{namespaces}/{}", pods(requirements)) }
        }
        tree::PeerKind::ServiceAccount(Some(namespace), name) => format_smolstr!("serviceaccount {}/{}", namespace.text, name.text),
        tree::PeerKind::ServiceAccount(None, name) => format_smolstr!("serviceaccount {}", name.text),
        tree::PeerKind::Builtin(builtin) => SmolStr::new_static(builtin.as_str()),
        tree::PeerKind::Nodeports(_) => "nodeports".into(),
    }
}
