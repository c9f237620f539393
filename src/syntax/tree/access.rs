//! Sentences about access: roles, grants, kinds of resources.

use super::{Sentence, Word};
use crate::source::Span;

/// `role NAME [joins … | joined by …] [{ … }]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Role {
    /// Its name.
    pub name: Word,
    /// `joins …`: roles, or labels in quotes.
    pub joins: Vec<Word>,
    /// `joined by "label"`.
    pub joined_by: Option<Word>,
    /// Its `can` sentences; none: no block.
    pub body: Option<Vec<Sentence>>,
}

/// `can VERBS on …`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Can {
    /// The verbs, as written.
    pub verbs: Vec<Word>,
    /// On what.
    pub on: On,
}

/// What verbs are about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum On {
    /// `url /metrics, …`.
    Urls(Vec<Word>),
    /// `KIND, … [except KIND, … | named NAME, …]`.
    Resources {
        /// The kinds.
        kinds: Vec<ResourceName>,
        /// Everything after `except`.
        except: Vec<ResourceName>,
        /// Everything after `named`.
        named: Vec<Word>,
    },
}

/// `pods`, `pods/exec`, `any.argoproj.io`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResourceName {
    /// Before the slash: plural, and group where it is written.
    pub name: Word,
    /// After it.
    pub subresource: Option<Word>,
    /// The whole.
    pub span: Span,
}

/// `grant ROLE to SUBJECT, …`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// The role.
    pub role: Word,
    /// To whom.
    pub subjects: Vec<Subject>,
}

/// Somebody to whom something is granted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    /// Who.
    pub kind: SubjectKind,
    /// The kind and the name.
    pub span: Span,
}

/// The kinds of subjects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SubjectKind {
    /// `group NAME`.
    Group(Word),
    /// `user NAME`.
    User(Word),
    /// `serviceaccount ci`, `serviceaccount orders/ci`.
    ServiceAccount(Option<Word>, Word),
}

/// `resource NAME, … in GROUP [cluster]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResourceDeclaration {
    /// The plurals.
    pub names: Vec<Word>,
    /// The API group.
    pub group: Word,
    /// `cluster`, where it stands: its objects are in no namespace.
    pub cluster: Option<Span>,
}

/// `nobody [except SUBJECT, …] can VERBS on … [in NAMESPACE, …]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Nobody {
    /// Who may all the same.
    pub except: Vec<Subject>,
    /// What nobody else can.
    pub can: Can,
    /// Where; empty: nothing written.
    pub namespaces: Vec<Word>,
}
