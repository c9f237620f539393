//! The words of roles, grants and kinds of resources.

use super::{Visit, words};
use crate::syntax::tree::{Can, Grant, Nobody, On, ResourceDeclaration, ResourceName, Role, Subject, SubjectKind};

pub(super) fn role(role: &mut Role, visit: Visit<'_>) {
    visit(&mut role.name);
    role.joins.iter_mut().chain(&mut role.joined_by).for_each(&mut *visit);
    for sentence in role.body.iter_mut().flatten() {
        words(sentence, visit);
    }
}

pub(super) fn can(can: &mut Can, visit: Visit<'_>) {
    can.verbs.iter_mut().for_each(&mut *visit);
    match &mut can.on {
        On::Urls(urls) => urls.iter_mut().for_each(visit),
        On::Resources { kinds, except, named } => {
            for ResourceName { name, subresource, .. } in kinds.iter_mut().chain(except) {
                visit(name);
                subresource.iter_mut().for_each(&mut *visit);
            }
            named.iter_mut().for_each(visit);
        }
    }
}

pub(super) fn grant(grant: &mut Grant, visit: Visit<'_>) {
    visit(&mut grant.role);
    grant.subjects.iter_mut().for_each(|it| subject(it, visit));
}

fn subject(subject: &mut Subject, visit: Visit<'_>) {
    match &mut subject.kind {
        SubjectKind::Group(name) | SubjectKind::User(name) => visit(name),
        SubjectKind::ServiceAccount(namespace, name) => {
            namespace.iter_mut().for_each(&mut *visit);
            visit(name);
        }
    }
}

pub(super) fn resource(resource: &mut ResourceDeclaration, visit: Visit<'_>) {
    resource.names.iter_mut().chain([&mut resource.group]).for_each(visit);
}

pub(super) fn nobody(claim: &mut Nobody, visit: Visit<'_>) {
    claim.except.iter_mut().for_each(|it| subject(it, visit));
    can(&mut claim.can, visit);
    claim.namespaces.iter_mut().for_each(visit);
}
