//! The examples of whole clusters, in concrete pods: who reaches whom, and that nobody else does.

use crate::judges::{Network, Probe, nca, reach};
use crate::pods::{self, Pod};
use crate::real_cases::{network_policies, sources};
use polc::{Files, Options};
use std::path::Path;

/// Ports to try beside those of the rows.
const OTHERS: [(u16, &str); 5] = [(25, "TCP"), (443, "TCP"), (9999, "TCP"), (25, "UDP"), (443, "SCTP")];

/// A cluster of an example, and who reaches whom there.
struct Estate {
    example: &'static str,
    cluster: &'static str,
    /// `namespace/name label=value`, some with ` as ACCOUNT`.
    pods: &'static [&'static str],
    /// Addresses outside.
    addresses: &'static [&'static str],
    /// `source -> destination PROTOCOL/PORT`; a name may end in `*`, and a port may be `*`.
    open: &'static [&'static str],
    /// Exceptions to `open`.
    closed: &'static [&'static str],
}

#[test]
fn guardrails_hold_for_every_pod_and_nothing_is_open_that_no_team_opened() {
    let estate = Estate {
        example: "guardrails-calico",
        cluster: "prod",
        pods: &[
            "kube-system/dns k8s-app=kube-dns",
            "ingress-nginx/controller app.kubernetes.io/name=ingress-nginx",
            "monitoring/prometheus app=prometheus",
            "monitoring/probe app=probe",
            "shop/web app=web",
            "shop/orders app=orders as orders",
            // Its label is enough for all but billing, which asks for the service account.
            "shop/orders-lookalike app=orders",
            "shop/postgres app=postgres",
            "billing/api app=api",
            "billing/postgres app=postgres",
            "notify/relay app=relay",
            "notify/other app=other",
            "sandbox-red/one app=web",
            "sandbox-red/two app=api",
            "sandbox-blue/one app=web",
            "ci/runner app=runner as deployer",
            "ci/other app=runner",
            // A namespace that the policy has never heard of.
            "tomorrow/pod app=web",
        ],
        addresses: &["203.0.113.9", "198.51.100.50", "192.0.2.5", "169.254.169.254"],
        open: &[
            // What keeps the cluster running is not isolated, on either side.
            "kube-system/dns -> ingress-nginx/controller *",
            "ingress-nginx/controller -> kube-system/dns *",
            "kube-system/dns -> 1* *",
            "kube-system/dns -> 2* *",
            "1* -> kube-system/dns *",
            "2* -> kube-system/dns *",
            "ingress-nginx/controller -> 1* *",
            "ingress-nginx/controller -> 2* *",
            "1* -> ingress-nginx/controller *",
            "2* -> ingress-nginx/controller *",
            // Every isolated pod asks for names.
            "* -> kube-system/dns TCP/53",
            "* -> kube-system/dns UDP/53",
            // The platform.
            "monitoring/prometheus -> shop/web TCP/9090",
            "monitoring/prometheus -> shop/orders* TCP/9090",
            "monitoring/prometheus -> billing/api TCP/9090",
            "monitoring/prometheus -> monitoring/probe TCP/9115",
            "monitoring/prometheus -> monitoring/probe TCP/9116",
            "203.0.113.9 -> monitoring/prometheus TCP/9090",
            // The teams.
            "ingress-nginx/controller -> shop/web TCP/8080",
            "shop/web -> shop/orders* TCP/7000",
            "shop/orders* -> shop/postgres TCP/5432",
            "shop/orders* -> notify/relay TCP/2525",
            "shop/orders -> billing/api TCP/8443",
            "billing/api -> billing/postgres TCP/5432",
            "billing/api -> 192.0.2.5 TCP/443",
            "notify/relay -> 1* TCP/25",
            "notify/relay -> 2* TCP/25",
            "sandbox-red/* -> sandbox-red/* *",
            "sandbox-* -> 1* TCP/443",
            "sandbox-* -> 2* TCP/443",
            "ci/runner -> 1* TCP/443",
            "ci/runner -> 2* TCP/443",
            "ci/runner -> shop/orders* TCP/7000",
        ],
        closed: &[
            "ingress-nginx/controller -> 169.254.169.254 *",
            "notify/relay -> 169.254.169.254 *",
            "sandbox-* -> 169.254.169.254 *",
            "ci/runner -> 169.254.169.254 *",
            // Mail leaves by the relay alone; metadata is no part of the internet.
            "kube-system/dns -> 2* TCP/25",
            "kube-system/dns -> 2* UDP/25",
            "kube-system/dns -> 19* TCP/25",
            "kube-system/dns -> 19* UDP/25",
            "ingress-nginx/controller -> 2* TCP/25",
            "ingress-nginx/controller -> 2* UDP/25",
            "ingress-nginx/controller -> 19* TCP/25",
            "ingress-nginx/controller -> 19* UDP/25",
        ],
    };
    let (everything, probes) = (compiled(&estate), probes(&estate));
    let manifests = format!("{}---\n{everything}", pods::inventory(&estate.pods()));
    estate.hold("nca", &nca(&[Network { manifests, probes: probes.clone() }]).concat(), &probes);
}

#[test]
fn each_cluster_of_the_estate_holds_what_both_of_its_ends_are_in() {
    let dal10 = Estate {
        example: "two-clusters",
        cluster: "dal10",
        pods: &[
            "openshift-dns/server dns=default",
            "kube-system/alb app=public-alb",
            "shop/web app=web",
            "shop/orders app=orders",
            "shop/operator app=operator",
            "billing/api app=api",
            "billing/auditor app=other as audit",
        ],
        addresses: &["203.0.113.9", "198.51.100.50", "172.20.0.1"],
        open: &[
            "openshift-dns/server -> kube-system/alb *",
            "kube-system/alb -> openshift-dns/server *",
            "openshift-dns/server -> 1* *",
            "openshift-dns/server -> 2* *",
            "1* -> openshift-dns/server *",
            "2* -> openshift-dns/server *",
            "kube-system/alb -> 1* *",
            "kube-system/alb -> 2* *",
            "1* -> kube-system/alb *",
            "2* -> kube-system/alb *",
            "* -> openshift-dns/server TCP/5353",
            "* -> openshift-dns/server UDP/5353",
            "kube-system/alb -> shop/web TCP/8080",
            "203.0.113.9 -> shop/web TCP/8080",
            "shop/web -> shop/orders TCP/7000",
            "shop/orders -> billing/api TCP/8443",
            "shop/operator -> 172.20.0.1 TCP/2040",
            "billing/auditor -> billing/api TCP/8443",
            "billing/api -> 203.0.113.9 TCP/443",
            "billing/api -> 198.51.100.50 TCP/443",
        ],
        closed: &[],
    };
    let fra02 = Estate {
        cluster: "fra02",
        pods: &[
            "kube-system/dns k8s-app=kube-dns",
            "ingress-nginx/controller app.kubernetes.io/name=ingress-nginx",
            "shop/web app=web",
            "shop/orders app=orders",
            "shop/operator app=operator",
            "ledger/api app=api",
            "ledger/postgres app=postgres",
        ],
        addresses: &["203.0.113.9", "198.51.100.50", "192.168.0.10", "169.254.20.10"],
        open: &[
            "kube-system/dns -> ingress-nginx/controller *",
            "ingress-nginx/controller -> kube-system/dns *",
            "kube-system/dns -> 1* *",
            "kube-system/dns -> 2* *",
            "1* -> kube-system/dns *",
            "2* -> kube-system/dns *",
            "ingress-nginx/controller -> 1* *",
            "ingress-nginx/controller -> 2* *",
            "1* -> ingress-nginx/controller *",
            "2* -> ingress-nginx/controller *",
            "* -> kube-system/dns TCP/53",
            "* -> kube-system/dns UDP/53",
            "shop/* -> 169.254.20.10 TCP/53",
            "shop/* -> 169.254.20.10 UDP/53",
            "ledger/* -> 169.254.20.10 TCP/53",
            "ledger/* -> 169.254.20.10 UDP/53",
            "ingress-nginx/controller -> shop/web TCP/8080",
            "203.0.113.9 -> shop/web TCP/8080",
            "shop/web -> shop/orders TCP/7000",
            "shop/orders -> ledger/api TCP/8443",
            "shop/operator -> 192.168.0.10 TCP/6443",
            "ledger/api -> ledger/postgres TCP/5432",
        ],
        ..dal10
    };
    for estate in [&dal10, &fra02] {
        let (everything, probes) = (compiled(estate), probes(estate));
        let inventory = pods::inventory(&estate.pods());
        let by = |policies: &str| Network { manifests: format!("{inventory}---\n{policies}"), probes: probes.clone() };
        estate.hold("nca", &nca(&[by(&everything)]).concat(), &probes);
        if estate.cluster == "fra02" {
            estate.hold("reach", &reach(&[by(&network_policies(&everything))]).concat(), &probes);
        }
    }
}

/// The objects of one cluster.
fn compiled(estate: &Estate) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples").join(estate.example);
    let options = Options { clusters: vec![estate.cluster.to_owned()], ..Options::default() };
    let compilation = polc::compile(Files { policies: sources(&folder), ..Files::default() }, &options);
    assert!(!compilation.has_errors(), "{}: {:#?}", estate.example, compilation.diagnostics);
    // Accounts that run nothing here change nothing of who connects to whom, and the judges do not know them.
    let yaml = compilation.to_yaml();
    yaml.split("---\n").filter(|document| !document.contains("\nkind: ServiceAccount\n")).collect::<Vec<_>>().join("---\n")
}

/// Every pair of ends, on every port of the rows and some others.
fn probes(estate: &Estate) -> Vec<Probe> {
    let ports = estate.open.iter().filter_map(|row| row.rsplit_once(' ')?.1.split_once('/'));
    let ports: Vec<(u16, &str)> = ports.map(|(protocol, port)| (port.parse().expect("a port"), protocol)).collect();
    pods::probes(&estate.pods(), estate.addresses, &[ports.as_slice(), &OTHERS].concat())
}

impl Estate {
    fn pods(&self) -> Vec<Pod> {
        let pod = |line: &&str| {
            let (line, account) = line.split_once(" as ").map_or((*line, None), |(line, account)| (line, Some(account.to_owned())));
            let (name, label) = line.split_once(' ').expect("a name and a label");
            let (key, value) = label.split_once('=').expect("a label");
            Pod { name: name.to_owned(), labels: [(key.to_owned(), value.to_owned())].into(), account, ..Pod::default() }
        };
        self.pods.iter().map(pod).collect()
    }

    /// Fails with every probe that a judge finds otherwise than the rows say.
    fn hold(&self, judge: &str, verdicts: &[bool], probes: &[Probe]) {
        assert_eq!(verdicts.len(), probes.len());
        let expected = |probe: &Probe| matches(self.open, probe) && !matches(self.closed, probe);
        let wrong = probes.iter().zip(verdicts).filter(|(probe, open)| expected(probe) != **open);
        let lines: Vec<String> = wrong.map(|(probe, open)| format!("{}: {probe}", if *open { "open" } else { "closed" })).collect();
        assert!(lines.is_empty(), "{} {}, by {judge}:\n{}", self.example, self.cluster, lines.join("\n"));
        for row in self.open.iter().chain(self.closed) {
            assert!(probes.iter().any(|probe| matches(&[row], probe)), "{}: `{row}` speaks of nothing", self.example);
        }
    }
}

fn matches(rows: &[&str], probe: &Probe) -> bool {
    rows.iter().any(|row| {
        let (ends, port) = row.rsplit_once(' ').expect("a port");
        let (source, destination) = ends.split_once(" -> ").expect("two ends");
        let tried = format!("{}/{}", probe.protocol, probe.port);
        [(source, &probe.source), (destination, &probe.destination), (port, &tried)]
            .iter()
            .all(|(pattern, text)| pattern.strip_suffix('*').map_or(*pattern == text.as_str(), |prefix| text.starts_with(prefix)))
    })
}
