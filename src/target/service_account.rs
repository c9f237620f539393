//! v1 ServiceAccount of namespaces of our own. Pods get a token only if they ask for one themselves
//! (`automountServiceAccountToken: true` in their own spec): most never speak to the API server.

use super::annotate;
use super::{Emitted, Piece};
use crate::ir::Policy;
use crate::manifest::Object;
use crate::manifest::rbac::ServiceAccount;
use crate::plan::Plan;
use crate::plan::access::Account;

/// The service accounts of one cluster.
pub(crate) fn emit(policy: &Policy, plan: &Plan<'_>) -> Vec<Emitted> {
    plan.access.accounts.iter().map(|account| self::account(policy, account)).collect()
}

fn account(policy: &Policy, account: &Account) -> Emitted {
    let metadata = annotate::metadata(policy, Some(&account.namespace), account.name.clone(), &account.sentences);
    let object = ServiceAccount { metadata, automount: false };
    Emitted { object: Object::ServiceAccount(object), origins: vec![(Piece::Whole, account.sentences.clone())] }
}

/// Leaves out the accounts that a document passed through declares: it is that document's then.
pub(crate) fn without_included(emitted: &mut Vec<Emitted>, included: &[Emitted]) {
    let declares = |one: &Emitted, name: &str, namespace: Option<&str>| {
        let metadata = one.object.metadata();
        one.object.api_version() == "v1"
            && one.object.kind() == "ServiceAccount"
            && metadata.name == name
            && metadata.namespace.as_deref() == namespace
    };
    emitted.retain(|own| {
        let metadata = own.object.metadata();
        let ours = matches!(own.object, Object::ServiceAccount(_));
        !(ours && included.iter().any(|one| declares(one, &metadata.name, metadata.namespace.as_deref())))
    });
}
