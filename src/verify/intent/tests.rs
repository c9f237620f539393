//! What the policy says, asked connection by connection of the stacks that are read from it.

use std::collections::BTreeMap;

use super::read;
use crate::compile::{Files, Options, compiled};
use crate::diagnostic::Code;
use crate::semantics::addresses::AddressSet;
use crate::semantics::pods::NAMESPACE_NAME;
use crate::source::SourceFile;
use crate::verify::concrete::{Concrete, Pod, Truth};
use crate::verify::decide::{Decision, Port, World, decide};

/// The namespace `a` as its header and sentences have it, `b` and `far` beside it.
fn estate(cluster: &str, header: &str, sentences: &str) -> String {
    format!(
        "cluster default {{ {cluster}pods 10.244.0.0/16; services 10.96.0.0/12; nodes 10.1.0.0/24 }}\n\
         namespace a {header} {{\n  workload web; workload db {{ ports sql 5432 }}; workload job\n{sentences}\n}}\n\
         namespace b {{ workload web }}\nnamespace far external {{ workload web }}\n"
    )
}

/// A pod of a workload.
fn pod(namespace: &str, app: &str) -> Concrete {
    let owned = |key: &str, value: &str| BTreeMap::from([(key.to_owned(), value.to_owned())]);
    Concrete::Pod(Pod {
        namespace: namespace.into(),
        namespace_labels: owned(NAMESPACE_NAME, namespace),
        labels: owned("app", app),
        account: "default".into(),
        addresses: AddressSet::parse_all(&["10.244.1.1/32"]),
        ports: Vec::new(),
    })
}

fn dns() -> Concrete {
    let Concrete::Pod(mut server) = pod("kube-system", "x") else { unreachable!() };
    server.labels = BTreeMap::from([("k8s-app".to_owned(), "kube-dns".to_owned())]);
    Concrete::Pod(server)
}

fn outside(address: &str) -> Concrete {
    Concrete::Outside(AddressSet::parse_all(&[address]))
}

const SQL: Port = Port { protocol: 6, detail: 5432 };
const DNS: Port = Port { protocol: 17, detail: 53 };
const PING: Port = Port { protocol: 1, detail: 0x0800 };

fn asked(text: &str, source: &Concrete, destination: &Concrete, port: Port) -> Decision {
    let policies = vec![SourceFile { name: "policy.polc".into(), text: text.into() }];
    let (compilation, policy) = compiled(Files { policies, ..Files::default() }, &Options::default());
    assert!(!compilation.has_errors(), "{text}: {:#?}", compilation.diagnostics);
    let intent = read(&policy, &policy.clusters[0]);
    decide(&World::new(&intent.sides), source, destination, port)
}

/// What the egress and the ingress side say under NetworkPolicy: whether it passes.
fn sides(header: &str, sentences: &str, source: &Concrete, destination: &Concrete, port: Port) -> (bool, bool) {
    passing(&asked(&estate("", header, sentences), source, destination, port))
}

/// The same on Calico, with a sentence in `everywhere`.
fn everywhere(header: &str, sentence: &str, source: &Concrete, destination: &Concrete, port: Port) -> (bool, bool) {
    let text = format!("{}everywhere {{ {sentence} }}\n", estate("enforce calico 3.31; ", header, ""));
    passing(&asked(&text, source, destination, port))
}

fn passing(decision: &Decision) -> (bool, bool) {
    (decision.egress.allowed == Truth::Yes, decision.ingress.allowed == Truth::Yes)
}

#[test]
fn only_the_isolated_side_of_a_pod_is_closed() {
    let (web, db) = (pod("a", "web"), pod("a", "db"));
    assert_eq!(sides("", "", &web, &db, SQL), (true, true));
    assert_eq!(sides("isolate ingress", "", &web, &db, SQL), (true, false));
    assert_eq!(sides("isolate egress", "", &web, &db, SQL), (false, true));
    assert_eq!(sides("isolate", "", &pod("b", "web"), &db, SQL), (true, false));
}

#[test]
fn name_resolution_stays_open_unless_it_is_said_otherwise() {
    let (web, dns) = (pod("a", "web"), dns());
    assert_eq!(sides("isolate", "", &web, &dns, DNS), (true, true));
    assert_eq!(sides("isolate", "", &web, &dns, SQL), (false, true));
    assert_eq!(sides("isolate", "", &web, &pod("b", "web"), DNS), (false, true));
    assert_eq!(sides("isolate without dns", "", &web, &dns, DNS), (false, true));
}

#[test]
fn an_allow_opens_the_ends_and_ports_that_it_names() {
    let (web, db, job) = (pod("a", "web"), pod("a", "db"), pod("a", "job"));
    let allow = "  allow web -> db sql";
    assert_eq!(sides("isolate", allow, &web, &db, SQL), (true, true));
    assert_eq!(sides("isolate", allow, &web, &db, DNS), (false, false));
    assert_eq!(sides("isolate", allow, &job, &db, SQL), (false, false));
    assert_eq!(sides("isolate", allow, &db, &web, SQL), (false, false));
}

#[test]
fn an_allow_of_everywhere_opens_both_ends() {
    let (web, db) = (pod("a", "web"), pod("a", "db"));
    assert_eq!(everywhere("isolate", "allow a/web -> any/pods 5432", &web, &db, SQL), (true, true));
    assert_eq!(everywhere("isolate", "allow a/web -> any/pods 5432", &web, &db, DNS), (false, false));
}

#[test]
fn except_takes_out() {
    let (web, job, db) = (pod("a", "web"), pod("a", "job"), pod("a", "db"));
    let allow = "  allow pods except job -> db sql";
    assert_eq!(sides("isolate", allow, &web, &db, SQL), (true, true));
    assert_eq!(sides("isolate", allow, &job, &db, SQL), (false, false));
}

#[test]
fn an_allow_of_nobody_opens_nothing_and_a_sentence_that_closes_nobody_is_an_error() {
    let (web, db) = (pod("a", "web"), pod("a", "db"));
    for allow in ["allow web except pods -> db sql", "allow web -> db except pods 5432", "allow web except web -> db, job 5432"] {
        for end in [&db, &outside("10.9.9.9/32"), &pod("a", "job")] {
            assert!(!sides("isolate", allow, &web, end, SQL).0, "{allow}");
            assert!(!sides("isolate", allow, end, &db, SQL).1, "{allow}");
        }
    }
    for closing in
        ["isolate web except pods", "deny web except pods -> db", "deny web -> db except pods", "assert deny web except pods -> db"]
    {
        let policies = vec![SourceFile { name: "policy.polc".into(), text: estate("enforce calico 3.31; ", "isolate", closing) }];
        let (compilation, _) = compiled(Files { policies, ..Files::default() }, &Options::default());
        let errors: Vec<Code> = compilation.diagnostics.iter().filter(|it| it.is_error()).map(|it| it.code).collect();
        assert_eq!(errors, [Code::EmptySet], "{closing}: {:#?}", compilation.diagnostics);
    }
}

#[test]
fn an_allow_of_addresses_opens_none_of_the_clusters_own_and_a_deny_closes_them() {
    let (job, db) = (pod("a", "job"), pod("a", "db"));
    assert_eq!(sides("isolate", "  allow job -> 10.0.0.0/8 5432", &job, &outside("10.9.9.9/32"), SQL), (true, true));
    assert_eq!(sides("isolate", "  allow job -> 10.0.0.0/8 5432", &job, &db, SQL), (false, false));
    assert_eq!(sides("isolate", "  allow job -> 10.0.0.0/8 5432", &job, &outside("11.0.0.1/32"), SQL), (false, true));
    assert!(!everywhere("", "deny a/job -> 10.0.0.0/8", &job, &db, SQL).0);
    assert!(!everywhere("", "deny a/job -> 10.0.0.0/8", &job, &outside("10.9.9.9/32"), SQL).0);
    assert!(everywhere("", "deny a/job -> 10.0.0.0/8", &job, &outside("11.0.0.1/32"), SQL).0);
}

#[test]
fn pods_of_an_external_namespace_are_peers_and_stay_as_they_are() {
    let (web, far) = (pod("a", "web"), pod("far", "web"));
    assert_eq!(sides("isolate", "  allow far/web -> web 5432", &far, &web, SQL), (true, true));
    assert_eq!(sides("isolate", "  allow far/web -> web 5432", &pod("b", "web"), &web, SQL), (true, false));
    assert_eq!(sides("isolate", "", &web, &far, SQL), (false, true));
}

#[test]
fn icmp_is_opened_by_name_alone() {
    let (web, db) = (pod("a", "web"), pod("a", "db"));
    assert_eq!(everywhere("isolate", "allow a/web -> a/db icmp", &web, &db, PING), (true, true));
    assert_eq!(everywhere("isolate", "allow a/web -> a/db icmp", &web, &db, SQL), (false, false));
    assert_eq!(everywhere("isolate", "allow a/web -> a/db 5432", &web, &db, PING), (false, false));
}
