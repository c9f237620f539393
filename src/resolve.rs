//! Tree to IR: names, scopes, templates, defaults, conflicts.
//!
//! Two passes. The first (`gather`) reads every declaration of every file into one
//! [`table`], so that order never matters; the second resolves the sentences against it.

mod access;
mod address;
mod assertion;
mod clauses;
mod cluster;
mod conflict;
mod entry;
mod flow;
mod gather;
mod include;
mod isolate;
mod later;
mod lists;
mod named;
mod names;
mod namespace;
mod number;
mod peer;
mod place;
mod port;
pub(crate) mod question;
mod report;
mod selector;
mod table;
mod template;
#[cfg(test)]
mod tests;
mod tls;
mod unknown;
mod workload;

use indexmap::IndexMap;
use smol_str::SmolStr;

use crate::diagnostic::Diagnostic;
use crate::hash::Seeded;
use crate::ir;
use crate::source::{SourceFile, Sources};
use crate::syntax::tree::{self, Claim, Kind};

use clauses::Sentences;
use gather::Gathered;
use peer::Resolver;
use place::Statement;
use report::Report;
use table::Table;

/// What a policy set is resolved from.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Input<'a> {
    /// The policy files.
    pub(crate) sources: &'a Sources,
    /// Their trees, by file.
    pub(crate) trees: &'a [tree::File],
    /// Files that `include` sentences may name.
    pub(crate) included: &'a [SourceFile],
    /// What the manifests given say.
    pub(crate) facts: &'a ir::facts::Facts,
    /// The day against which `until` is judged.
    pub(crate) today: Option<&'a str>,
    /// Whether some sentence or manifest could not be read: then what seems to be missing may
    /// be there, and is not complained of.
    pub(crate) incomplete: bool,
}

/// Resolves every name. The policy holds what could be resolved.
pub(crate) fn resolve(input: &Input<'_>) -> (ir::Policy, Vec<Diagnostic>) {
    let mut report = Report::new(input.incomplete);
    let today = clauses::today(input.today, &mut report);
    let mut gathered = gather::gather(input.sources, input.trees, Sentences::new(today), &mut report);
    report.outside();
    let drafts = cluster::read(&gathered.clusters, &mut report);
    cluster::enter(&drafts, &mut gathered.table);
    cluster::check_authorities(&drafts, &gathered.authorities, &mut report);
    cluster::check_named(&gathered.cluster_words, &drafts, &mut report);
    gathered.table.add_known(input.facts);
    workload::add_facts(&mut gathered.table, input.facts, &mut report);
    let names = drafts.iter().map(|draft| draft.cluster.name.as_str().into()).collect();
    namespace::check_partial(&gathered.table, &names).into_iter().for_each(|d| report.push(d));
    let mut policy = second_pass(input, &gathered, drafts, &mut report);
    conflict::repeated(&policy.flows, &gathered.sentences, &mut report);
    include::repeated(&policy.includes, &gathered.sentences, &mut report);
    policy.authorities = gathered.authorities;
    policy.namespaces = namespaces(gathered.table);
    policy.sentences = gathered.sentences.finish();
    (policy, report.finish())
}

/// The files that `include` sentences name, as the file set names them.
pub(crate) fn included_paths(sources: &Sources, trees: &[tree::File]) -> Vec<String> {
    include::paths(sources, trees)
}

fn second_pass(input: &Input<'_>, gathered: &Gathered<'_>, drafts: Vec<cluster::Draft<'_>>, report: &mut Report) -> ir::Policy {
    let definitions = input.facts.custom.values().cloned().collect();
    let mut policy = ir::Policy { definitions, ..ir::Policy::default() };
    let is_flow = |statement: &&Statement<'_>| matches!(statement.node.sentence.kind, Kind::Allow(_) | Kind::Deny(_));
    policy.flows.reserve_exact(gathered.statements.iter().filter(is_flow).count());
    let mut resolver = Resolver::new(&gathered.table, input.facts, report);
    resolver.resolve_lists();
    policy.clusters = drafts.into_iter().map(|draft| draft.finish(&mut resolver)).collect();
    let (mut grants, mut nobody) = (Vec::new(), Vec::new());
    for statement in &gathered.statements {
        resolver.report.within(statement.node.used.as_ref());
        match &statement.node.sentence.kind {
            Kind::Allow(_) | Kind::Deny(_) => policy.flows.extend(resolver.flow(statement)),
            Kind::Grant(_) => grants.push(statement),
            Kind::Assert(Claim::Nobody(_)) => nobody.push(statement),
            Kind::Assert(claim) => policy.assertions.extend(resolver.assertion(statement, claim)),
            Kind::Expose(_) => {
                if let Some((exposure, flow)) = resolver.exposure(statement, &gathered.authorities) {
                    policy.exposures.push(exposure);
                    policy.flows.push(flow);
                }
            }
            Kind::Redirect { .. } => policy.redirects.extend(resolver.redirect(statement)),
            Kind::MutualTls => policy.mutual_tls.push(resolver.mutual_tls(statement)),
            Kind::RequireTls { .. } => policy.required_tls.extend(resolver.required_tls(statement)),
            Kind::Include { .. } => policy.includes.extend(resolver.include(statement, input.sources, input.included)),
            _ => policy.isolations.extend(resolver.isolation(statement)),
        }
    }
    policy.flows.extend(tls::acme_flows(&policy.exposures, &gathered.authorities, &policy.clusters));
    access::resolve(gathered, &grants, &nobody, &mut resolver, &mut policy);
    resolver.report.outside();
    policy
}

fn namespaces(table: Table<'_>) -> IndexMap<SmolStr, ir::Namespace, Seeded> {
    let mut namespaces = table.namespaces;
    namespaces.sort_unstable_keys();
    namespaces.into_iter().map(|(name, entry)| (name.clone(), namespace::finish(name, entry))).collect()
}
