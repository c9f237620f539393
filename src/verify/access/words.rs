//! Requests and places in the words that questions have.

use super::Place;
use crate::semantics::rbac::{Request, Target};

/// `get pods/exec.apps named web in shop`, `get url /metrics`.
pub(crate) fn request(request: &Request) -> String {
    let verb = &request.verb;
    match &request.target {
        Target::Url(path) => format!("{verb} url {path}"),
        Target::Resource { group, resource, subresource, namespace, name } => {
            let kind = kind(group, resource, subresource);
            let name = if name.is_empty() { String::new() } else { format!(" named {name}") };
            let home = if namespace.is_empty() { " cluster-wide".to_owned() } else { format!(" in {namespace}") };
            format!("{verb} {kind}{name}{home}")
        }
    }
}

/// `pods/exec`, `deployments.apps`, `deployments.apps/scale`.
pub(crate) fn kind(group: &str, resource: &str, subresource: &str) -> String {
    let group = if group.is_empty() { String::new() } else { format!(".{group}") };
    let subresource = if subresource.is_empty() { String::new() } else { format!("/{subresource}") };
    format!("{resource}{group}{subresource}")
}

/// `in shop`, `in every namespace`, `everywhere`.
pub(crate) fn place(place: &Place) -> String {
    match place {
        Place::Namespace(namespace) => format!("in {namespace}"),
        Place::EveryNamespace => "in every namespace".to_owned(),
        Place::Everywhere => "everywhere".to_owned(),
    }
}
