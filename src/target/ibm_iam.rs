//! What IBM Cloud IAM is to grant: policies for its service roles, as a file for a person to apply. Kubernetes has no part
//! in them; IBM writes the bindings (access-targets R22).
//!
//! Identifiers of accounts, clusters, users and groups are not in a policy of ours, so each stands as `<what it is of>`,
//! which IBM's API does not take: nothing half filled in is applied.

use serde::Serialize;
use smol_str::SmolStr;

use crate::ir::access::{ServiceRole, Subject};
use crate::ir::{Cluster, Policy};
use crate::plan::access::ServiceGrant;
use crate::plan::{Plan, Sentences};

/// The file's name in a cluster's folder.
pub(crate) const FILE: &str = "ibm-iam.json";

/// Name and version of its schema.
const SCHEMA: &str = "polc.dev/ibm-iam/v1";

/// What it says of itself.
const READ_ME: &str = "For a person to apply, in a copy of this file: replace every <…> by the identifier that it names, then give each \
                       policy as a file to the command that stands with it. Kubernetes does not read this; IBM writes the RoleBindings.";

#[derive(Serialize)]
struct File<'a> {
    schema: &'static str,
    cluster: &'a str,
    read_me: &'static str,
    grants: Vec<Granted>,
}

/// One subject's grant of one role at one place.
#[derive(Serialize)]
struct Granted {
    command: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    because: Vec<String>,
    policy: IamPolicy,
}

/// An access policy of IAM.
#[derive(Serialize)]
struct IamPolicy {
    r#type: &'static str,
    subjects: [Attributes; 1],
    roles: [Role; 1],
    resources: [Attributes; 1],
}

#[derive(Serialize)]
struct Attributes {
    attributes: Vec<Attribute>,
}

#[derive(Serialize)]
struct Attribute {
    name: &'static str,
    value: String,
}

#[derive(Serialize)]
struct Role {
    role_id: String,
}

/// The file's text; none where nothing is granted by IAM.
pub(crate) fn text(policy: &Policy, plan: &Plan<'_>) -> Option<String> {
    let services = &plan.access.services;
    if services.is_empty() {
        return None;
    }
    let each = services.iter().flat_map(|grant| grant.subjects.iter().map(move |subject| (grant, subject)));
    let grants = each.map(|(grant, (subject, sentences))| granted(policy, plan.cluster, grant, subject, sentences)).collect();
    let file = File { schema: SCHEMA, cluster: &plan.cluster.name, read_me: READ_ME, grants };
    serde_json::to_string_pretty(&file).ok().map(|text| text + "\n")
}

fn granted(policy: &Policy, cluster: &Cluster, grant: &ServiceGrant, subject: &Subject, sentences: &Sentences) -> Granted {
    let (command, attribute) = match subject {
        Subject::Group(name) => (
            format!("ibmcloud iam access-group-policy-create '{}' --file", quoted(name)),
            Attribute { name: "access_group_id", value: format!("<id of access group {name}>") },
        ),
        Subject::User(name) | Subject::ServiceAccount { name, .. } => (
            format!("ibmcloud iam user-policy-create '{}' --file", quoted(name)),
            Attribute { name: "iam_id", value: format!("<IAM id of user {name}>") },
        ),
    };
    let reasons = sentences.iter().filter_map(|id| policy.sentence(*id)?.because()).map(ToString::to_string);
    Granted {
        command,
        because: reasons.collect::<std::collections::BTreeSet<_>>().into_iter().collect(),
        policy: IamPolicy {
            r#type: "access",
            subjects: [Attributes { attributes: vec![attribute] }],
            roles: [Role { role_id: format!("crn:v1:bluemix:public:iam::::serviceRole:{}", role(grant.role)) }],
            resources: [Attributes { attributes: resources(cluster, grant.namespace.as_ref()) }],
        },
    }
}

/// As it stands between single quotes of a shell.
fn quoted(name: &str) -> String {
    name.replace('\'', "'\\''")
}

fn role(role: ServiceRole) -> &'static str {
    match role {
        ServiceRole::Reader => "Reader",
        ServiceRole::Writer => "Writer",
        ServiceRole::Manager => "Manager",
    }
}

fn resources(cluster: &Cluster, namespace: Option<&SmolStr>) -> Vec<Attribute> {
    let account = match &cluster.account {
        Some(name) => format!("<id of account {name}>"),
        None => format!("<id of the account of cluster {}>", cluster.name),
    };
    let mut all = vec![
        Attribute { name: "accountId", value: account },
        Attribute { name: "serviceName", value: "containers-kubernetes".into() },
        Attribute { name: "serviceInstance", value: format!("<id of cluster {}>", cluster.name) },
    ];
    all.extend(namespace.map(|name| Attribute { name: "namespace", value: name.to_string() }));
    all
}
