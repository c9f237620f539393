//! The roles that every cluster of a version has, and that nobody writes.

use std::collections::BTreeMap;

use smol_str::SmolStr;

use super::{Access, Role, Source};
use crate::ir::cluster::Version;
use crate::semantics::labels::{Labels, Values};
use crate::semantics::rbac::Rule;
use crate::surface::{self, Surface};

impl Access {
    /// With the roles of a version, where nobody wrote one of their names. What API servers bind them to of
    /// themselves is not among it: those bindings are taken for granted.
    pub(crate) fn with_builtin(mut self, version: Version) -> Self {
        for builtin in Surface::of(version.major, version.minor).iter().flat_map(|surface| surface.roles()) {
            self.roles.entry((None, SmolStr::new_static(builtin.name))).or_insert_with(|| role(builtin));
        }
        self
    }
}

fn role(builtin: &surface::Role) -> Role {
    let label = |(key, value): &(&str, &str)| ((*key).to_owned(), (*value).to_owned());
    let selector = |(key, value): &(&'static str, &'static str)| Labels::any().and(*key, Values::one_of([*value]));
    Role {
        source: Source::Builtin,
        rules: builtin.rules.iter().map(rule).collect(),
        sentences: Vec::new(),
        labels: builtin.labels.iter().map(label).collect::<BTreeMap<_, _>>(),
        aggregates: (!builtin.joins.is_empty()).then(|| builtin.joins.iter().map(selector).collect()),
    }
}

fn rule(rule: &surface::Rule) -> Rule {
    let list = |words: &[&'static str]| words.iter().map(|word| SmolStr::new_static(word)).collect::<Vec<_>>();
    Rule {
        verbs: list(&rule.verbs),
        groups: list(&rule.groups),
        resources: list(&rule.resources),
        names: list(&rule.names),
        urls: list(&rule.urls),
    }
}
