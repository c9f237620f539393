//! Who is meant: bare names, names of other namespaces, labels, addresses, and words of
//! the language.

use std::collections::BTreeMap;
use std::rc::Rc;

use smol_str::{SmolStr, format_smolstr};

use crate::ir::facts::Facts;
use crate::ir::{self, Address, PeerKind, Who};
use crate::semantics::addresses::AddressSet;
use crate::semantics::labels::Labels;
use crate::semantics::pods::NAMESPACE_NAME;
use crate::source::Span;
use crate::syntax::tree::{self, Builtin, Form, Word};

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
    pub(super) list_memo: BTreeMap<usize, lists::Known>,
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

impl<'t, 'a> Resolver<'t, 'a> {
    /// Over a complete table.
    pub(super) fn new(table: &'t Table<'a>, facts: &'t Facts, report: &'t mut Report) -> Self {
        Resolver { table, facts, report, list_memo: BTreeMap::new(), list_depth: 0, list_stack: Vec::new(), port_index: None }
    }

    /// A list of peers less its exceptions; none if one of them is wrong.
    pub(super) fn peers(&mut self, written: &tree::Peers, at: &At<'_>) -> Option<ir::Peers> {
        let list = self.all(&written.list, at);
        let except = self.all(&written.except, &At { implicit: false, ..*at });
        Some(ir::Peers { list: lists::distinct(list?).into(), except: except? })
    }

    /// Peers, lists replaced by what they stand for; all are tried, so that every wrong one is told of.
    pub(super) fn all(&mut self, written: &[tree::Peer], at: &At<'_>) -> Option<Vec<ir::Peer>> {
        let mut found = Some(Vec::with_capacity(written.len()));
        let mut seen: BTreeMap<PeerKind, Span> = BTreeMap::new();
        for peer in written {
            let Some(peers) = self.peer(peer, at) else {
                found = None;
                continue;
            };
            if written.len() > 1
                && let [only] = peers.as_slice()
                && let Some(first) = seen.insert(only.kind.clone(), peer.span)
            {
                self.report.push(unknown::named_twice(&shown(&peer.kind), peer.span, first));
            }
            if let Some(found) = &mut found {
                found.extend(peers);
            }
        }
        found
    }

    fn peer(&mut self, written: &tree::Peer, at: &At<'_>) -> Option<Vec<ir::Peer>> {
        let kind = match &written.kind {
            tree::PeerKind::Name(word) => return self.named(word, at),
            tree::PeerKind::Qualified(namespace, word) => self.qualified(namespace, word, at)?,
            tree::PeerKind::Pods(requirements) => {
                PeerKind::Pods { namespace: self.home(written.span, "pods", at)?, pods: selector::labels(requirements, self.report)? }
            }
            tree::PeerKind::NamespacePods(namespace, requirements) => {
                let known = self.known_namespace(namespace);
                let pods = selector::labels(requirements, self.report)?;
                PeerKind::Pods { namespace: known?, pods }
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
                    Some(word) => self.known_namespace(word)?,
                    None => self.home(written.span, &format!("serviceaccount {}", name.text), at)?,
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
        Some(vec![self.end(kind, written.span, name, at.home)])
    }

    /// An end as the IR has it.
    pub(super) fn end(&self, kind: PeerKind, span: Span, name: SmolStr, home: &Home) -> ir::Peer {
        ir::Peer { opens: self.opens(&kind, home), who: Rc::new(Who { kind, name }), except: Vec::new(), span }
    }

    /// Whether an allow at this place opens the end's own side ("An allow opens the ends it names").
    /// In `everywhere` it opens both sides, also of namespaces that are somebody else's: what is
    /// closed there was closed by `everywhere`.
    fn opens(&self, kind: &PeerKind, home: &Home) -> bool {
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

    fn named(&mut self, word: &Word, at: &At<'_>) -> Option<Vec<ir::Peer>> {
        if let Some(namespace) = at.home.namespace()
            && let Some(declared) = self.table.workload(namespace, &word.text)
        {
            if let (None, Some(index)) = (declared.workload.declared, self.table.list(&word.text, at.home, at.expansion)) {
                self.clash_with_manifest(word, index);
                return None;
            }
            let kind = self.workload(namespace, word)?;
            return Some(vec![self.end(kind, word.span, word.text.clone(), at.home)]);
        }
        if let Some(index) = self.table.list(&word.text, at.home, at.expansion) {
            let members = self.list_members(index)?;
            return Some(members.iter().map(|member| self.member(member, at.home)).collect());
        }
        let Some(namespace) = at.home.namespace() else {
            self.report.push_once(word.text.clone(), unknown::no_list(word, self.table, at, self.report));
            return None;
        };
        let kind = self.undeclared(namespace, word, at)?;
        Some(vec![self.end(kind, word.span, word.text.clone(), at.home)])
    }

    /// A list's member, at the place where the list is used.
    fn member(&self, member: &ir::Peer, home: &Home) -> ir::Peer {
        ir::Peer { opens: self.opens(&member.kind, home), ..member.clone() }
    }

    fn qualified(&mut self, namespace: &Word, word: &Word, at: &At<'_>) -> Option<PeerKind> {
        let known = self.known_namespace(namespace)?;
        if self.table.workload(&known, &word.text).is_some() { self.workload(&known, word) } else { self.undeclared(&known, word, at) }
    }

    fn workload(&mut self, namespace: &str, word: &Word) -> Option<PeerKind> {
        let declared = self.table.workload(namespace, &word.text)?;
        if let Some(file) = &declared.host_network {
            self.report.push(unknown::host_network(word, file));
            return None;
        }
        Some(PeerKind::Workload {
            namespace: namespace.into(),
            name: word.text.clone(),
            selector: self.table.selector(namespace, &word.text),
        })
    }

    /// A name that no workload has: `app=<name>` in an `allow`, in a namespace that declares none.
    fn undeclared(&mut self, namespace: &str, word: &Word, at: &At<'_>) -> Option<PeerKind> {
        let entry = self.table.namespace(namespace)?;
        if entry.broken {
            return None;
        }
        if at.implicit && entry.workloads.is_empty() {
            let fits = check(word, Becomes::Name, "a workload", self.report);
            return fits.then(|| PeerKind::Workload {
                namespace: namespace.into(),
                name: word.text.clone(),
                selector: self.table.selector(namespace, &word.text),
            });
        }
        if word.form == Form::Parameter {
            return None;
        }
        let diagnostic = unknown::no_workload(word, namespace, self.table, self.facts, at, self.report);
        self.report.push_once(format!("{namespace}/{}", word.text), diagnostic);
        None
    }

    /// The namespace a word names; says so if there is none.
    pub(super) fn known_namespace(&mut self, word: &Word) -> Option<SmolStr> {
        if self.table.namespace(&word.text).is_some() {
            return Some(word.text.clone());
        }
        self.report.push_once(word.text.clone(), unknown::no_namespace(word, self.table, self.report));
        None
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

    fn home(&mut self, span: Span, what: &str, at: &At<'_>) -> Option<SmolStr> {
        let home = at.home.namespace();
        if home.is_none() {
            self.report.push(unknown::no_home(what, span));
        }
        home.map(SmolStr::from)
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
fn shown(kind: &tree::PeerKind) -> SmolStr {
    let pods = |requirements: &[tree::Requirement]| {
        if requirements.is_empty() { SmolStr::new_static("pods") } else { format_smolstr!("pods({})", selector::shown(requirements)) }
    };
    match kind {
        tree::PeerKind::Name(word) | tree::PeerKind::Address(word) => word.text.clone(),
        tree::PeerKind::Qualified(namespace, name) => format_smolstr!("{}/{}", namespace.text, name.text),
        tree::PeerKind::Pods(requirements) => pods(requirements),
        tree::PeerKind::NamespacePods(namespace, requirements) => format_smolstr!("{}/{}", namespace.text, pods(requirements)),
        tree::PeerKind::AnyPods(requirements) => format_smolstr!("any/{}", pods(requirements)),
        tree::PeerKind::LabelledNamespaces(namespaces, requirements) => {
            let namespaces = format_smolstr!("namespaces({})", selector::shown(namespaces));
            if requirements.is_empty() { namespaces } else { format_smolstr!("{namespaces}/{}", pods(requirements)) }
        }
        tree::PeerKind::ServiceAccount(Some(namespace), name) => format_smolstr!("serviceaccount {}/{}", namespace.text, name.text),
        tree::PeerKind::ServiceAccount(None, name) => format_smolstr!("serviceaccount {}", name.text),
        tree::PeerKind::Builtin(builtin) => builtin.as_str().into(),
        tree::PeerKind::Nodeports(_) => "nodeports".into(),
    }
}
