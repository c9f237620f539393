//! Service accounts that the policy writes: those of its own namespaces that a workload runs under or a grant names.
//!
//! `default` is not among them: every namespace has it from the cluster, and pods that name no account run under it.

use std::collections::BTreeMap;

use smol_str::SmolStr;

use super::super::Sentences;
use super::{Access, Account, cite};
use crate::ir::access::Subject;
use crate::ir::{Cluster, Held, Namespace, Policy};

/// The account that every namespace has from the cluster.
const DEFAULT: &str = "default";

/// The accounts under which workloads declared in namespaces of our own run, in the order of namespaces and names.
pub(super) fn of_workloads(policy: &Policy, cluster: &Cluster) -> Vec<Account> {
    let mut all = Vec::new();
    for namespace in policy.namespaces.values().filter(|namespace| is_ours(namespace, cluster)) {
        let declared = namespace.workloads.values().filter(|workload| workload.declared.is_some());
        let mut names: Vec<&SmolStr> = declared.filter_map(|workload| workload.service_account.as_ref()).collect();
        names.sort_unstable();
        names.dedup();
        let account = |name: &SmolStr| Account {
            namespace: namespace.name.clone(),
            name: name.clone(),
            sentences: namespace.sentences.iter().copied().collect(),
        };
        all.extend(names.into_iter().filter(|name| is_written(policy, &namespace.name, name)).map(account));
    }
    all
}

/// Adds those that grants name.
pub(super) fn of_grants(policy: &Policy, cluster: &Cluster, access: &mut Access) {
    let mut all: BTreeMap<(SmolStr, SmolStr), Sentences> = BTreeMap::new();
    for account in std::mem::take(&mut access.accounts) {
        all.insert((account.namespace, account.name), account.sentences);
    }
    for (subject, sentences) in access.bindings.iter().flat_map(|binding| &binding.subjects) {
        let Subject::ServiceAccount { namespace, name } = subject else { continue };
        let ours = policy.namespaces.get(namespace).is_some_and(|namespace| is_ours(namespace, cluster));
        if ours && is_written(policy, namespace, name) {
            cite(all.entry((namespace.clone(), name.clone())).or_default(), sentences);
        }
    }
    access.accounts = all.into_iter().map(|((namespace, name), sentences)| Account { namespace, name, sentences }).collect();
}

/// Whether nobody else writes an account.
fn is_written(policy: &Policy, namespace: &SmolStr, name: &SmolStr) -> bool {
    name != DEFAULT && !policy.accounts.contains(&(namespace.clone(), name.clone()))
}

fn is_ours(namespace: &Namespace, cluster: &Cluster) -> bool {
    namespace.held == Held::Ours && namespace.clusters.contains(&cluster.name)
}
