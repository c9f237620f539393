//! Peer lists: names for several peers.

use std::collections::BTreeSet;
use std::rc::Rc;

use crate::diagnostic::{Code, Diagnostic};
use crate::ir;
use crate::source::Span;
use crate::syntax::tree::{Kind, Word};

use super::entry::Entry;
use super::gather::Gather;
use super::names::{Becomes, check};
use super::peer::{At, End, Ends, Resolver, peers_of};
use super::place::{Home, Node};
use super::table::List;

/// How deep lists may name lists.
const DEPTH: usize = 32;
/// How many peers a list may stand for, exceptions counted.
const PEERS: usize = 20_000;

/// Takes a list's declaration.
pub(super) fn declare<'a>(gather: &mut Gather<'a, '_>, node: Node<'a>, home: &Home) {
    let Kind::Peers { name, .. } = &node.sentence.kind else { return };
    let name = name.clone();
    if !check(&name, Becomes::Name, "a peer list", gather.report) {
        return;
    }
    let table = &mut gather.out.table;
    let next = table.lists.len();
    let lists = table.lists_at(node.expansion(), home);
    let first = lists.get(&name.text).copied();
    if first.is_none() {
        lists.insert(name.text.clone(), next);
    }
    match first.and_then(|index| table.lists.get(index)) {
        Some(first) => gather.report.push(declared_twice(&name, first.name.span)),
        None => table.lists.push(List { name, node, home: home.clone() }),
    }
}

fn declared_twice(name: &Word, first: Span) -> Diagnostic {
    let headline = format!("the peer list `{}` is declared twice", name.text);
    Diagnostic::new(Code::DuplicateDeclaration, name.span, headline)
        .also(first, "first declared here")
        .help("merge the two, or give one another name")
}

/// What is known of a list.
#[derive(Debug)]
pub(super) struct Known<'t> {
    /// What it stands for; none if something in it is wrong.
    members: Option<Rc<[End<'t>]>>,
    /// One more than the deepest list it names.
    depth: usize,
}

impl<'t> Resolver<'t, '_> {
    /// Resolves every list once, so that a wrong one is told of whether it is used or not.
    pub(super) fn resolve_lists(&mut self) {
        for index in 0..self.table.lists.len() {
            self.list_members(index);
        }
        self.report.outside();
        self.check_clashes();
    }

    /// A workload and a list of one name, where both could be meant.
    fn check_clashes(&mut self) {
        let table = self.table;
        for list in &table.lists {
            let declared = |entry: &Entry| entry.workloads.get(&list.name.text).and_then(|declared| declared.workload.declared);
            let found = table.own(&list.home).and_then(|(_, entry)| declared(entry));
            if let Some(workload) = found {
                self.report.push(clash(&list.name.text, list.name.span, workload));
            }
        }
        if table.top_lists.is_empty() {
            return;
        }
        let top = |name: &str| table.top_lists.get(name).and_then(|index| table.lists.get(*index));
        for (name, declared) in table.by_name().flat_map(|(_, entry)| &entry.workloads) {
            if let (Some(workload), Some(list)) = (declared.workload.declared, top(name)) {
                self.report.push(clash(name, list.name.span, workload));
            }
        }
    }

    /// A workload that only a manifest has, and a list of its name: which is meant must not
    /// depend on the manifests given.
    pub(super) fn clash_with_manifest(&mut self, word: &Word, index: usize) {
        let diagnostic = Diagnostic::new(
            Code::DuplicateDeclaration,
            word.span,
            format!("`{}` is both a peer list and a workload of a manifest", word.text),
        );
        let list = self.table.lists.get(index).map(|list| list.name.span);
        let diagnostic = list.into_iter().fold(diagnostic, |d, span| d.also(span, "the peer list"));
        self.report.push(diagnostic.help("give the peer list another name"));
    }

    /// What a list stands for; none if something in it is wrong.
    pub(super) fn list_members(&mut self, index: usize) -> Option<Rc<[End<'t>]>> {
        if !self.list_memo.contains_key(&index) {
            if self.list_stack.contains(&index) {
                self.report_cycle(index);
                return None;
            }
            let known = if self.list_stack.len() > DEPTH { Known { members: None, depth: DEPTH + 1 } } else { self.known(index) };
            self.list_memo.insert(index, known);
        }
        let known = self.list_memo.get(&index)?;
        self.list_depth = self.list_depth.max(known.depth);
        known.members.clone()
    }

    /// Reads a list. Its depth is its own, whichever list asked for it first.
    fn known(&mut self, index: usize) -> Known<'t> {
        let around = std::mem::take(&mut self.list_depth);
        let used = self.report.used();
        self.list_stack.push(index);
        let members = self.read_list(index);
        self.list_stack.pop();
        let depth = self.list_depth + 1;
        self.list_depth = around;
        let too_deep = self.table.lists.get(index).filter(|_| depth > DEPTH);
        if let Some(list) = too_deep {
            // The lists around it go as far because it does.
            self.report.push_once("depth".to_owned(), too_large(list));
        }
        self.report.restore(used);
        Known { members: members.filter(|_| too_deep.is_none()).map(Rc::from), depth }
    }

    fn read_list(&mut self, index: usize) -> Option<Vec<End<'t>>> {
        let table = self.table;
        let list = table.lists.get(index)?;
        let Kind::Peers { peers, .. } = &list.node.sentence.kind else { return None };
        self.report.within(list.node.used.as_ref());
        let named = list.node.used.is_none().then(|| match list.home.namespace() {
            Some(namespace) => format!("{namespace}/{}", list.name.text),
            None => list.name.text.to_string(),
        });
        let at = At { home: &list.home, expansion: list.node.expansion(), implicit: false, only_pods: false, list: named.as_deref() };
        let members = self.all(&peers.list, &at);
        let except = self.all(&peers.except, &at);
        let (members, except) = (members?, peers_of(except?));
        if members
            .iter()
            .map(|end| 1 + weight(&end.peer.except))
            .sum::<usize>()
            .saturating_add(weight(&except).saturating_mul(members.len()))
            > PEERS
        {
            self.report.push(too_large(list));
            return None;
        }
        let cut = |mut end: End<'t>| {
            end.peer.except.extend(except.iter().cloned());
            end
        };
        Some(distinct(members.into_iter().map(cut).collect()).into_vec())
    }

    fn report_cycle(&mut self, index: usize) {
        let start = self.list_stack.iter().position(|i| *i == index).unwrap_or(0);
        let chain: Vec<_> =
            self.list_stack.get(start..).unwrap_or_default().iter().chain([&index]).filter_map(|i| self.table.lists.get(*i)).collect();
        let names = chain.iter().map(|list| format!("`{}`", list.name.text)).collect::<Vec<_>>().join(" -> ");
        let Some(first) = chain.first() else { return };
        let diagnostic =
            Diagnostic::new(Code::PeerListCycle, first.name.span, format!("the peer list `{}` stands for itself", first.name.text))
                .note(format!("{names}, each named by the one before"));
        let others = chain.iter().skip(1).take(chain.len().saturating_sub(2));
        self.report
            .push(others.fold(diagnostic, |d, list| d.also(list.name.span, "named on the way")).help("take one list out of another"));
    }
}

/// Peers without repetitions.
pub(super) fn distinct(ends: Ends<'_>) -> Ends<'_> {
    if ends.len() < 2 {
        return ends;
    }
    let mut seen = BTreeSet::new();
    ends.into_iter().filter(|end| seen.insert((end.peer.kind.clone(), end.peer.except.clone()))).collect()
}

fn weight(peers: &[ir::Peer]) -> usize {
    peers.iter().map(|peer| 1 + weight(&peer.except)).sum()
}

fn clash(name: &str, list: Span, workload: Span) -> Diagnostic {
    Diagnostic::new(Code::DuplicateDeclaration, list, format!("`{name}` is both a peer list and a workload"))
        .also(workload, "the workload")
        .help("give the peer list another name")
}

fn too_large(list: &List<'_>) -> Diagnostic {
    Diagnostic::new(Code::PeerListCycle, list.name.span, format!("the peer list `{}` goes too far", list.name.text))
        .note(format!("a list may stand for {PEERS} peers, what it cuts out counted for each, and name lists {DEPTH} deep"))
        .help("split it into several lists, each used in a sentence of its own")
}
