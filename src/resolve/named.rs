//! Who is meant by a name: workloads, here or in another namespace, and peer lists.

use std::rc::Rc;

use smol_str::{SmolStr, SmolStrBuilder};

use crate::ir::{self, Who};
use crate::source::Span;
use crate::syntax::tree::{Form, Word};

use super::entry::{Declared, Entry};
use super::names::{Becomes, check};
use super::peer::{At, End, Ends, Resolver};
use super::place::Home;
use super::unknown;

/// A namespace, by its name.
type Own<'t> = (&'t SmolStr, &'t Entry);

impl<'t> Resolver<'t, '_> {
    /// Adds what a bare name means: a workload of the block's namespace, or a peer list.
    pub(super) fn named(&mut self, word: &Word, at: &At<'_>, found: &mut Ends<'t>) -> Option<()> {
        let own = self.table.own(at.home);
        if let Some(own) = own
            && let Some(declared) = own.1.workloads.get(&word.text)
        {
            if declared.workload.declared.is_none()
                && let Some(index) = self.table.list(&word.text, at.home, at.expansion)
            {
                self.clash_with_manifest(word, index);
                return None;
            }
            self.reachable(declared, word)?;
            found.push(pods_of(declared.who(own.0, own.1), Some(declared), own, word.span, at));
            return Some(());
        }
        if let Some(index) = self.table.list(&word.text, at.home, at.expansion) {
            let members = self.list_members(index)?;
            found.extend(members.iter().map(|member| self.member(member, at.home)));
            return Some(());
        }
        let Some(own) = own else {
            self.report.push_once(word.text.clone(), unknown::no_list(word, self.table, at, self.report));
            return None;
        };
        self.undeclared(own, word, at)?;
        let kind = own.1.kind_of(own.0, &word.text, None);
        found.push(pods_of(&Rc::new(Who { kind, name: word.text.clone() }), None, own, word.span, at));
        Some(())
    }

    /// A list's member, at the place where the list is used.
    fn member(&self, member: &End<'t>, home: &Home) -> End<'t> {
        let opens = self.opens(&member.peer.kind, home);
        End { peer: ir::Peer { opens, ..member.peer.clone() }, declared: member.declared }
    }

    /// Adds a workload that is named with its namespace.
    pub(super) fn qualified(&mut self, (namespace, word): (&Word, &Word), span: Span, at: &At<'_>, found: &mut Ends<'t>) -> Option<()> {
        let of = self.known_namespace(namespace)?;
        let declared = of.1.workloads.get(&word.text);
        match declared {
            Some(declared) => self.reachable(declared, word)?,
            None => self.undeclared(of, word, at)?,
        }
        let kind = of.1.kind_of(of.0, &word.text, declared);
        let who = Rc::new(Who { kind, name: joined(&namespace.text, &word.text) });
        found.push(pods_of(&who, declared, of, span, at));
        Some(())
    }

    /// Whether a policy can tell the workload's pods; says so if not.
    fn reachable(&mut self, declared: &Declared, word: &Word) -> Option<()> {
        let Some(file) = declared.host_network() else { return Some(()) };
        self.report.push(unknown::host_network(word, file));
        None
    }

    /// A name that no workload has: `app=<name>` in an `allow`, in a namespace that declares none. Says so where it
    /// is none.
    fn undeclared(&mut self, (namespace, entry): Own<'t>, word: &Word, at: &At<'_>) -> Option<()> {
        if entry.broken {
            return None;
        }
        if at.implicit && entry.workloads.is_empty() {
            return check(word, Becomes::Name, "a workload", self.report).then_some(());
        }
        if word.form == Form::Parameter {
            return None;
        }
        let diagnostic = unknown::no_workload(word, namespace, self.table, self.facts, at, self.report);
        self.report.push_once(format!("{namespace}/{}", word.text), diagnostic);
        None
    }

    /// The namespace a word names; says so if there is none.
    pub(super) fn known_namespace(&mut self, word: &Word) -> Option<Own<'t>> {
        let known = self.table.namespaces.get_full(&word.text);
        if let Some((_, name, entry)) = known {
            return Some((name, entry));
        }
        self.report.push_once(word.text.clone(), unknown::no_namespace(word, self.table, self.report));
        None
    }
}

/// The pods of a workload.
fn pods_of<'t>(who: &Rc<Who>, declared: Option<&'t Declared>, (namespace, entry): Own<'t>, span: Span, at: &At<'_>) -> End<'t> {
    let opens = *at.home == Home::Everywhere || !entry.is_external(namespace);
    End { peer: ir::Peer { who: Rc::clone(who), except: Vec::new(), opens, span }, declared }
}

/// `namespace/name`.
pub(super) fn joined(namespace: &str, name: &str) -> SmolStr {
    let mut both = SmolStrBuilder::new();
    both.push_str(namespace);
    both.push_str("/");
    both.push_str(name);
    both.finish()
}
